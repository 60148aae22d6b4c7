/** Short words about what was done or refused. */
import { signal } from "@preact/signals";
import { ApiProblem, currentOf } from "../api/client.ts";
import type { Incident } from "../api/types.ts";
import { t, word } from "../i18n/index.ts";
import { refusals } from "../i18n/refusals.ts";
import { take } from "./incidents.ts";

export interface Notice {
  readonly id: number;
  readonly sort: "done" | "refused" | "conflict";
  readonly title: string;
  readonly text?: string;
}

const DONE_MS = 3500;
const REFUSED_MS = 12_000;
let count = 0;

export const notices = signal<readonly Notice[]>([]);

export function say(sort: Notice["sort"], title: string, text?: string): void {
  const id = ++count;
  notices.value = [...notices.value.slice(-2), { id, sort, title, ...(text ? { text } : {}) }];
  setTimeout(() => unsay(id), sort === "done" ? DONE_MS : REFUSED_MS);
}

export function unsay(id: number): void {
  notices.value = notices.value.filter((one) => one.id !== id);
}

/** Say what went wrong. */
export function refuse(error: unknown): void {
  const { title, lines } = explained(error);
  say("refused", title, lines.join("\n"));
}

export interface Explained {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What went wrong, in the reader's words: of which sort it is, and what it is about. */
export function explained(error: unknown): Explained {
  if (!(error instanceof ApiProblem)) return { title: t("problem.unreachable"), lines: [] };
  const { type, status, request_id } = error.problem;
  const title = word("problem", type.split(":").at(-1) ?? "internal");
  const lines = status < 500 ? refusals(error.problem) : [t("problem.request", { id: request_id })];
  return { title, lines };
}

/** Say what went wrong with an incident; on a conflict, show and return it as it is now. */
export function refuseChange(error: unknown): Incident | null {
  const now = currentOf<Incident>(error);
  if (now) {
    take(now);
    say("conflict", t("conflict.title"), t("conflict.now", { status: word("status", now.status) }));
  } else refuse(error);
  return now;
}
