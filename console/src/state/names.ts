/** What things are called: cameras, units, kinds and lists, as the city pack in force names them. */
import { type Signal, signal } from "@preact/signals";
import type { Camera, Category, Kind, Permission, Unit } from "../api/types.ts";
import { named, word } from "../i18n/index.ts";
import { app, may } from "./app.ts";

export const cameras = signal<ReadonlyMap<string, Camera>>(new Map());
export const units = signal<ReadonlyMap<string, Unit>>(new Map());
export const kinds = signal<ReadonlyMap<string, Kind>>(new Map());
export const lists = signal<ReadonlyMap<string, Category>>(new Map());

export async function readNames(): Promise<void> {
  await Promise.all([
    read<Camera>(cameras, "camera.read", "/cameras", (one) => one.id),
    read<Unit>(units, "city.read", "/units", (one) => one.id),
    read<Kind>(kinds, "city.read", "/kinds", (one) => one.kind),
    read<Category>(lists, "city.read", "/categories", (one) => one.id),
  ]);
}

async function read<T>(
  into: Signal<ReadonlyMap<string, T>>,
  needs: Permission,
  path: string,
  idOf: (one: T) => string,
): Promise<void> {
  if (may(needs)) into.value = new Map((await app().api.all<T>(path)).map((one) => [idOf(one), one]));
}

export function cameraName(id: string): string {
  return cameras.value.get(id)?.name ?? id;
}

export function unitName(id: string): string {
  return nameIn(units.value, id);
}

export function kindName(kind: string): string {
  return nameIn(kinds.value, kind);
}

export function listName(id: string): string {
  return nameIn(lists.value, id);
}

/** What an incident or a box says closer than by a kind: a thing, a camera's fault, or the list a candidate is on. */
export function labelled(label: string): string {
  return lists.value.has(label) ? listName(label) : word("label", label);
}

type Named = Parameters<typeof named>[0];

/** One that the city has no more, or not yet read, by its id. */
function nameIn(things: ReadonlyMap<string, Named>, id: string): string {
  const thing = things.get(id);
  return thing ? named(thing) : id.replaceAll("_", " ");
}
