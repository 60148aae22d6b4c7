/** What the last hours come to. Pure; tested by itself. */
import type { Incident } from "./api/types.ts";

export interface Figures {
  readonly opened: number;
  readonly acknowledged: number;
  readonly medianAckSeconds: number | null;
  /** Of those acknowledged, the share that nobody had to be called a second time for. */
  readonly inTime: number | null;
  readonly falseAlarms: number;
}

export function figuresOf(incidents: readonly Incident[]): Figures {
  const taken = incidents.filter((one) => one.acknowledged_at);
  return {
    opened: incidents.length,
    acknowledged: taken.length,
    medianAckSeconds: median(taken.map(ackSeconds)),
    inTime: taken.length ? taken.filter((one) => one.escalation_level === 0).length / taken.length : null,
    falseAlarms: incidents.filter(isFalse).length,
  };
}

export function isFalse(incident: Incident): boolean {
  return incident.dismissed_because === "false_alarm";
}

/** How many there are of each, the most first. */
export function counted<T>(things: readonly T[], by: (one: T) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const one of things) counts.set(by(one), (counts.get(by(one)) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]));
}

/** How many opened in each of the last `hours` hours, the oldest first. */
export function byHour(incidents: readonly Incident[], nowMs: number, hours: number): number[] {
  const counts = new Array<number>(hours).fill(0);
  for (const one of incidents) {
    const at = hours - 1 - Math.floor((nowMs - Date.parse(one.opened_at)) / 3_600_000);
    if (at >= 0 && at < hours) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function ackSeconds(incident: Incident): number {
  return (Date.parse(incident.acknowledged_at ?? "") - Date.parse(incident.opened_at)) / 1000;
}
