/** Short words about what was done or refused. */
import { signal } from "@preact/signals";
import { ApiProblem } from "../api/client.ts";
import type { Incident } from "../api/types.ts";
import { t, word } from "../i18n/index.ts";
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
  if (!(error instanceof ApiProblem)) {
    say("refused", t("problem.unreachable"));
    return;
  }
  const { type, detail, request_id } = error.problem;
  const said = word("problem", type.split(":").at(-1) ?? "internal");
  say("refused", said, `${detail} (${t("problem.request", { id: request_id })})`);
}

/** Say what went wrong with an incident; on a conflict, show and return it as it is now. */
export function refuseChange(error: unknown): Incident | null {
  const current = error instanceof ApiProblem && error.status === 409 ? error.problem.current : null;
  if (!current) {
    refuse(error);
    return null;
  }
  const now = current as unknown as Incident;
  take(now);
  say("conflict", t("conflict.title"), t("conflict.now", { status: word("status", now.status) }));
  return now;
}
