/** The incidents that are going on, read every two seconds. */
import { computed, signal } from "@preact/signals";
import { ApiProblem } from "../api/client.ts";
import type { CommandWish, Incident, ReviewWish } from "../api/types.ts";
import { byUrgency, isWaiting } from "../urgency.ts";
import { app, may } from "./app.ts";

export const POLL_MS = 2000;
const LIVE = ["awaiting_confirmation", "open", "acknowledged", "in_progress"];

export const live = signal<readonly Incident[]>([]);
export const heardAt = signal<number | null>(null);
export const lost = signal(false);

export const urgent = computed(() => [...live.value].sort(byUrgency));
export const waiting = computed(() => live.value.filter(isWaiting));
export const candidates = computed(() =>
  urgent.value.filter((one) => one.status === "awaiting_confirmation"),
);

/** Read it once. What the network or the API can't give now is said on the page, and tried again. */
export async function poll(): Promise<void> {
  if (!may("incident.read")) return;
  try {
    live.value = await app().api.all<Incident>("/incidents", { status: LIVE });
    heardAt.value = Date.now();
    lost.value = false;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 403) return;
    lost.value = true;
  }
}

/** Do something to an incident as it was seen. */
export function command(incident: Incident, wish: Omit<CommandWish, "version">): Promise<Incident> {
  return change(incident, "commands", { ...wish, version: incident.version });
}

export function review(incident: Incident, wish: Omit<ReviewWish, "version">): Promise<Incident> {
  return change(incident, "reviews", { ...wish, version: incident.version });
}

async function change(incident: Incident, what: string, body: unknown): Promise<Incident> {
  const changed = await app().api.post<Incident>(`/incidents/${incident.id}/${what}`, body);
  take(changed);
  return changed;
}

/** Show a newer state at once, without waiting for the next look. */
export function take(changed: Incident): void {
  const others = live.value.filter((one) => one.id !== changed.id);
  live.value = LIVE.includes(changed.status) ? [changed, ...others] : others;
}
