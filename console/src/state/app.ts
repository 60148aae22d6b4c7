/** What every part of the page knows: who is there, what they may, and the time. */
import { computed, signal } from "@preact/signals";
import type { Api } from "../api/client.ts";
import type { Me, Permission } from "../api/types.ts";
import type { Session } from "../auth.ts";
import type { Config } from "../config.ts";

export interface App {
  readonly api: Api;
  readonly session: Session;
  readonly config: Config;
}

let running: App | null = null;

export function setApp(app: App): void {
  running = app;
}

export function app(): App {
  if (!running) throw new Error("the page has not started");
  return running;
}

export const me = signal<Me | null>(null);
export const nowMs = signal(Date.now());

const permissions = computed(() => new Set<Permission>(me.value?.permissions ?? []));

/** Whether there is any point in showing something; the API decides what is allowed. */
export function may(permission: Permission): boolean {
  return permissions.value.has(permission);
}

export function tick(): void {
  nowMs.value = Date.now() + app().api.skewMs;
}
