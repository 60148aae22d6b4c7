/** Moments as people of the city write them. Viet Nam keeps one time the whole year. Pure; tested by itself. */

const AHEAD_MS = 7 * 3_600_000;

/** `2026-03-01T08:30` on the city's clock, as a field of the browser has it. */
export function asCityTime(atMs: number): string {
  return new Date(atMs + AHEAD_MS).toISOString().slice(0, 16);
}

/** What a field has, with its offset, as the API wants it. */
export function fromCityTime(written: string): string {
  return `${written}:00+07:00`;
}
