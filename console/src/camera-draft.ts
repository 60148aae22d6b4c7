/** What somebody draws on a camera until it is saved, and how it comes together with what others saved meanwhile.
 * Pure; tested by itself.
 */
import type { CameraSettings, CameraSettingsWish, Schedule } from "./api/types.ts";
import type { Corner, Polygon } from "./polygon.ts";

export interface DrawnMask {
  readonly kinds: readonly string[];
  readonly polygon: Polygon;
}

export interface Draft {
  readonly profile: string;
  /** Null: the profile's. */
  readonly road: Polygon | null;
  readonly masks: readonly DrawnMask[];
  readonly schedules: readonly Schedule[];
  readonly zones: CameraSettings["road_zones"];
  /** Null: the profile's; 0: not looked for. */
  readonly stopped: number | null;
  readonly crowd: CameraSettings["crowd"];
}

export const PARTS = ["profile", "road", "masks", "schedules", "zones", "stopped", "crowd"] as const;
export type Part = (typeof PARTS)[number];

/** The road zone, or a mask by its number. */
export type Chosen = "road" | number;

export function draftOf(settings: CameraSettings): Draft {
  return {
    profile: settings.profile,
    road: settings.road_zone_rel && polygonOf(settings.road_zone_rel),
    masks: settings.masks.map((one) => ({ kinds: one.kinds, polygon: polygonOf(one.polygon_rel) })),
    schedules: settings.schedules,
    zones: settings.road_zones,
    stopped: settings.stopped_after_s,
    crowd: settings.crowd,
  };
}

export function wishOf(draft: Draft, purpose: string): CameraSettingsWish {
  return {
    profile: draft.profile,
    road_zone_rel: draft.road,
    masks: draft.masks.map((one) => ({ kinds: one.kinds, polygon_rel: one.polygon })),
    schedules: draft.schedules,
    road_zones: draft.zones,
    stopped_after_s: draft.stopped,
    crowd: draft.crowd,
    purpose,
  };
}

/** The masks that come with the profile: they stand before the camera's own. */
export function profileMasks(settings: CameraSettings): readonly Polygon[] {
  const count = settings.effective.masks.length - settings.masks.length;
  return settings.effective.masks.slice(0, count).map((one) => polygonOf(one.polygon_rel));
}

/** The named parts of the road that hold, as far as they are known: they are drawn in the city pack, and shown here. */
export function zonesOf(settings: CameraSettings, draft: Draft): readonly Polygon[] {
  const isOfProfile = draft.zones.length === 0 && settings.road_zones.length === 0;
  const zones = isOfProfile ? settings.effective.road_zones : draft.zones;
  return zones.map((one) => polygonOf(one.polygon_rel));
}

export function polygonOf(corners: readonly (readonly number[])[]): Polygon {
  return corners.map(([x = 0, y = 0]): Corner => [x, y]);
}

export function shapeOf(draft: Draft, chosen: Chosen): Polygon | null {
  return chosen === "road" ? draft.road : (draft.masks[chosen]?.polygon ?? null);
}

export function withShape(draft: Draft, chosen: Chosen, polygon: Polygon): Draft {
  if (chosen === "road") return { ...draft, road: polygon };
  return { ...draft, masks: draft.masks.map((one, at) => (at === chosen ? { ...one, polygon } : one)) };
}

const WHOLE_PICTURE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/** So many people are a crowd, where they are counted already; null: the profile has the say again. */
export function withCrowd(draft: Draft, settings: CameraSettings, people: number | null): Draft {
  if (people === null) return { ...draft, crowd: null };
  const zone = (draft.crowd ?? settings.effective.crowd)?.zone_rel ?? WHOLE_PICTURE;
  return { ...draft, crowd: { people, zone_rel: zone } };
}

export function changedParts(before: Draft, after: Draft): readonly Part[] {
  return PARTS.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
}

export interface Merged {
  readonly draft: Draft;
  /** What both changed, and not alike: there it is mine. */
  readonly clashes: readonly Part[];
}

/** My changes on top of theirs; `before` is what both began with. */
export function merged(before: Draft, mine: Draft, theirs: Draft): Merged {
  const kept = changedParts(before, mine);
  const differing = changedParts(mine, theirs);
  const clashes = changedParts(before, theirs).filter((one) => kept.includes(one) && differing.includes(one));
  return { draft: { ...theirs, ...Object.fromEntries(kept.map((one) => [one, mine[one]])) }, clashes };
}
