/** Keyboard shortcuts, single letters that never fire while somebody writes or a dialog is open. */
import { signal } from "@preact/signals";
import { go } from "../route.ts";

export const showKeys = signal(false);

const page = new Map<string, () => void>();

/** Let a page have keys while it is shown; gives what takes them back. */
export function bindKeys(keys: Readonly<Record<string, () => void>>): () => void {
  for (const [key, what] of Object.entries(keys)) page.set(key, what);
  return () => {
    for (const [key, what] of Object.entries(keys)) if (page.get(key) === what) page.delete(key);
  };
}

const ALWAYS: Readonly<Record<string, () => void>> = {
  "?": () => {
    showKeys.value = true;
  },
  b: () => go("#/"),
  m: () => go("#/map"),
  "/": () => document.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
};

export function startKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const what = page.get(event.key) ?? ALWAYS[event.key];
    if (!what) return;
    event.preventDefault();
    what();
  });
}

function isWriting(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]")) return true;
  const isField = target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select");
  // What a dialog that just closed had the focus on keeps it until the next frame.
  return isField && target.checkVisibility();
}
