/** What every part of the page knows: who is there, the time, names of cameras, units and areas. */
import { computed, signal } from "@preact/signals";
import type { Api } from "../api/client.ts";
import type { Camera, Me, Permission, Unit } from "../api/types.ts";
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
export const cameras = signal<ReadonlyMap<string, Camera>>(new Map());
export const units = signal<ReadonlyMap<string, Unit>>(new Map());

const permissions = computed(() => new Set<Permission>(me.value?.permissions ?? []));

/** Whether there is any point in showing something; the API decides what is allowed. */
export function may(permission: Permission): boolean {
  return permissions.value.has(permission);
}

export function tick(): void {
  nowMs.value = Date.now() + app().api.skewMs;
}

export async function readNames(): Promise<void> {
  const { api } = app();
  const [all, acting] = await Promise.all([
    may("camera.read") ? api.all<Camera>("/cameras") : [],
    may("city.read") ? api.all<Unit>("/units") : [],
  ]);
  cameras.value = new Map(all.map((one) => [one.id, one]));
  units.value = new Map(acting.map((one) => [one.id, one]));
}

export function cameraName(id: string): string {
  return cameras.value.get(id)?.name ?? id;
}
