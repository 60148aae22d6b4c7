/** What the board shows of all there is: kept in the address, so a view can be bookmarked, sent and saved. */
import type { Incident, Severity } from "../api/types.ts";
import { word } from "../i18n/index.ts";
import { areaOf, placeOf } from "../parts/incident-bits.tsx";
import { SEVERITIES } from "../urgency.ts";

export const FILTERS = ["search", "kind", "severity", "status", "unit", "area"] as const;
export type FilterName = (typeof FILTERS)[number];

export function fits(incident: Incident, wanted: URLSearchParams): boolean {
  const is = (name: FilterName, value: string) => !wanted.get(name) || wanted.get(name) === value;
  const unit = wanted.get("unit");
  return (
    is("kind", incident.kind) &&
    is("status", incident.status) &&
    is("area", incident.place.area_id) &&
    (!unit || incident.units.some((one) => one.unit === unit)) &&
    reaches(incident.severity, wanted.get("severity")) &&
    says(incident, wanted.get("search"))
  );
}

function reaches(severity: string, floor: string | null): boolean {
  return !floor || SEVERITIES.indexOf(severity as Severity) >= SEVERITIES.indexOf(floor as Severity);
}

function says(incident: Incident, search: string | null): boolean {
  const said = [
    incident.id,
    placeOf(incident),
    areaOf(incident),
    word("kind", incident.kind),
    ...incident.camera_ids,
  ];
  return !search || said.some((one) => plain(one).includes(plain(search)));
}

/** Without case and diacritics, so that `buon ma thuot` finds Buôn Ma Thuột. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D").toLowerCase();
}

const KEPT = "matpho.views";

export type SavedViews = Readonly<Record<string, string>>;

export function readViews(): SavedViews {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as SavedViews;
  } catch {
    return {};
  }
}

export function keepViews(views: SavedViews): void {
  localStorage.setItem(KEPT, JSON.stringify(views));
}
