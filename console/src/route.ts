/** Where the person is, in the address after `#`: the files need no rewriting by any server. */
import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** `#/incidents/abc?x=1` as its words: ["incidents", "abc"]. */
export const path = computed(() =>
  (hash.value.slice(1).split("?")[0] ?? "").split("/").filter(Boolean).map(decodeURIComponent),
);

export const query = computed(() => new URLSearchParams(hash.value.split("?")[1] ?? ""));

export function go(where: string): void {
  location.hash = where;
}

/** Change the address without a step in the history: filters, not places. */
export function replaceQuery(words: URLSearchParams): void {
  const base = hash.value.split("?")[0] || "#/";
  const text = words.toString();
  history.replaceState(null, "", text ? `${base}?${text}` : base);
  hash.value = location.hash;
}
