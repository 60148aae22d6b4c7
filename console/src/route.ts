/** Where the person is, in the address after `#`: the files need no rewriting by any server. */
import { computed, signal } from "@preact/signals";
import { filtersOf, withFilter, withFilters, wordsOf } from "./address.ts";

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

export const path = computed(() => wordsOf(hash.value));

export const query = computed(() => filtersOf(hash.value));

export function go(where: string): void {
  location.hash = where;
}

/** Change the address without a step in the history: filters, not places. */
export function replaceQuery(words: URLSearchParams): void {
  history.replaceState(null, "", withFilters(hash.value, words));
  hash.value = location.hash;
}

/** Choose one filter; an empty value takes it out. */
export function choose(name: string, value: string): void {
  replaceQuery(withFilter(query.value, name, value));
}
