/** The address after `#` as words and filters. Pure; tested by itself. */

/** `#/incidents/abc?x=1` as its words: ["incidents", "abc"]. One that can't be read is no word. */
export function wordsOf(hash: string): readonly string[] {
  return (hash.slice(1).split("?")[0] ?? "").split("/").map(decoded).filter(Boolean);
}

export function filtersOf(hash: string): URLSearchParams {
  return new URLSearchParams(hash.split("?")[1] ?? "");
}

/** The same place with other filters. */
export function withFilters(hash: string, filters: URLSearchParams): string {
  const place = hash.split("?")[0] || "#/";
  const text = filters.toString();
  return text ? `${place}?${text}` : place;
}

/** Filters with one of them chosen anew; an empty value takes it out. */
export function withFilter(filters: URLSearchParams, name: string, value: string): URLSearchParams {
  const words = new URLSearchParams(filters);
  if (value) words.set(name, value);
  else words.delete(name);
  return words;
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return "";
  }
}
