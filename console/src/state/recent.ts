/** Everything that changed of late, for figures and reports: read page by page, once a minute. */
import type { Incident, Statistics } from "../api/types.ts";
import { app, nowMs } from "./app.ts";
import { type Polled, usePolled } from "./polled.ts";

const EVERY_MS = 60_000;

export function useRecent(hours: number): Polled<Incident[]> {
  return usePolled<Incident[]>(`recent:${hours}`, EVERY_MS, () => {
    const from = new Date(nowMs.peek() - hours * 3_600_000).toISOString();
    return app().api.all<Incident>("/incidents", { changed_from: from });
  });
}

export function useStatistics(hours: number): Polled<Statistics> {
  return usePolled<Statistics>(`statistics:${hours}`, EVERY_MS, () => {
    const [from, until] = [nowMs.peek() - hours * 3_600_000, nowMs.peek()].map((ms) =>
      new Date(ms).toISOString(),
    );
    return app().api.get<Statistics>("/statistics", { from, until });
  });
}
