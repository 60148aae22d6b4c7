/** Which incident an operator should look at first, and how long there is left. Pure; tested by itself. */
import type { Incident, Severity } from "./api/types.ts";

export const SEVERITIES: readonly Severity[] = ["minor", "moderate", "severe", "extreme"];

const STATUS_FIRST = [
  "awaiting_confirmation",
  "open",
  "acknowledged",
  "in_progress",
  "resolved",
  "dismissed",
];
const WAITING = new Set(["open", "awaiting_confirmation"]);

/** Nobody has taken it yet. */
export function isWaiting(incident: Pick<Incident, "status">): boolean {
  return WAITING.has(incident.status);
}

/** Seconds until the clock has a say, negative once it is late, null without a deadline. */
export function leftSeconds(incident: Pick<Incident, "due_at">, nowMs: number): number | null {
  return incident.due_at ? (Date.parse(incident.due_at) - nowMs) / 1000 : null;
}

/** Untaken before taken, the escalated and the worse first, then whichever deadline comes first. */
export function byUrgency(one: Incident, other: Incident): number {
  return (
    Number(isWaiting(other)) - Number(isWaiting(one)) ||
    rank(other) - rank(one) ||
    other.escalation_level - one.escalation_level ||
    due(one) - due(other) ||
    STATUS_FIRST.indexOf(one.status) - STATUS_FIRST.indexOf(other.status) ||
    one.id.localeCompare(other.id)
  );
}

/** `4:05`, `1:02:03`, with a minus once it is late. */
export function asClock(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return `${seconds < 0 ? "−" : ""}${h ? `${h}:${two(m)}` : m}:${two(s)}`;
}

function rank(incident: Incident): number {
  return SEVERITIES.indexOf(incident.severity as Severity);
}

function due(incident: Incident): number {
  return incident.due_at ? Date.parse(incident.due_at) : Number.POSITIVE_INFINITY;
}
