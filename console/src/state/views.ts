/** The filters that this browser keeps: a view is a habit of a desk, not a fact of the city. */
import { signal } from "@preact/signals";

const KEPT = "matpho.views";

export type SavedViews = Readonly<Record<string, string>>;

export const views = signal<SavedViews>(read());

export function keepViews(changed: SavedViews): void {
  views.value = changed;
  localStorage.setItem(KEPT, JSON.stringify(changed));
}

function read(): SavedViews {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as SavedViews;
  } catch {
    return {};
  }
}
