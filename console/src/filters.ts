/** What the board shows of all there is: kept in the address, so a view can be bookmarked, sent and saved.
 * Pure; tested by itself.
 */
import type { Incident, Severity } from "./api/types.ts";
import { SEVERITIES } from "./urgency.ts";

export const FILTERS = ["search", "kind", "severity", "status", "unit", "area"] as const;
export type FilterName = (typeof FILTERS)[number];

type Filtered = Pick<Incident, "kind" | "status" | "severity" | "place" | "units">;

/** Whether an incident is wanted; `said` are the words that a person could look for it by. */
export function fits(incident: Filtered, wanted: URLSearchParams, said: readonly string[]): boolean {
  const is = (name: FilterName, value: string) => !wanted.get(name) || wanted.get(name) === value;
  const unit = wanted.get("unit");
  return (
    is("kind", incident.kind) &&
    is("status", incident.status) &&
    is("area", incident.place.area_id) &&
    (!unit || incident.units.some((one) => one.unit === unit)) &&
    reaches(incident.severity, wanted.get("severity")) &&
    says(said, wanted.get("search") ?? "")
  );
}

/** Whether any of the words has what is searched for in it. */
export function says(words: readonly string[], search: string): boolean {
  return words.some((one) => plain(one).includes(plain(search)));
}

/** Without case and diacritics, so that `buon ma thuot` finds Buôn Ma Thuột. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D").toLowerCase();
}

function reaches(severity: string, floor: string | null): boolean {
  return !floor || SEVERITIES.indexOf(severity as Severity) >= SEVERITIES.indexOf(floor as Severity);
}
