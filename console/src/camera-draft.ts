/** What somebody draws on a camera until it is saved, and how it comes together with what others saved meanwhile.
 * Pure; tested by itself.
 */
import type { CameraSettings, CameraSettingsWish, Schedule } from "./api/types.ts";
import { type Corner, isSimple, type Polygon, SQUARE } from "./polygon.ts";

interface DrawnMask {
  readonly kinds: readonly string[];
  readonly polygon: Polygon;
}

/** A part of the road that readings tell by itself, under this name. */
interface DrawnZone {
  readonly id: string;
  readonly polygon: Polygon;
}

interface DrawnCrowd {
  readonly people: number;
  readonly polygon: Polygon;
}

export interface Draft {
  readonly profile: string;
  /** Null: the profile's. */
  readonly road: Polygon | null;
  readonly masks: readonly DrawnMask[];
  readonly schedules: readonly Schedule[];
  /** None: the profile's. */
  readonly zones: readonly DrawnZone[];
  /** Null: the profile's; 0: not looked for. */
  readonly stopped: number | null;
  /** Null: the profile's. */
  readonly crowd: DrawnCrowd | null;
}

export const PARTS = ["profile", "road", "masks", "schedules", "zones", "stopped", "crowd"] as const;
export type Part = (typeof PARTS)[number];

/** A shape by its sort and number; there is one road zone at most, and one of the crowd. */
export interface Chosen {
  readonly sort: "road" | "crowd" | "zones" | "masks";
  readonly at: number;
}

export const ROAD: Chosen = { sort: "road", at: 0 };

export function draftOf(settings: CameraSettings): Draft {
  return {
    profile: settings.profile,
    road: settings.road_zone_rel && polygonOf(settings.road_zone_rel),
    masks: settings.masks.map((one) => ({ kinds: one.kinds, polygon: polygonOf(one.polygon_rel) })),
    schedules: settings.schedules,
    zones: zonesOf(settings.road_zones),
    stopped: settings.stopped_after_s,
    crowd: settings.crowd && { people: settings.crowd.people, polygon: polygonOf(settings.crowd.zone_rel) },
  };
}

export function wishOf(draft: Draft, purpose: string): CameraSettingsWish {
  return {
    profile: draft.profile,
    road_zone_rel: draft.road,
    masks: draft.masks.map((one) => ({ kinds: one.kinds, polygon_rel: one.polygon })),
    schedules: draft.schedules,
    road_zones: draft.zones.map((one) => ({ id: one.id, polygon_rel: one.polygon })),
    stopped_after_s: draft.stopped,
    crowd: draft.crowd && { people: draft.crowd.people, zone_rel: draft.crowd.polygon },
    purpose,
  };
}

/** The masks that come with the profile: they stand before the camera's own. */
export function profileMasks(settings: CameraSettings): readonly Polygon[] {
  const count = settings.effective.masks.length - settings.masks.length;
  return settings.effective.masks.slice(0, count).map((one) => polygonOf(one.polygon_rel));
}

/** The profile's parts of the road, which hold as long as the camera has none; known only as long as that is saved. */
export function profileZones(settings: CameraSettings, draft: Draft): readonly DrawnZone[] {
  const areKnown = draft.profile === settings.profile && settings.road_zones.length === 0;
  return areKnown && draft.zones.length === 0 ? zonesOf(settings.effective.road_zones) : [];
}

export function polygonOf(corners: readonly (readonly number[])[]): Polygon {
  return corners.map(([x = 0, y = 0]): Corner => [x, y]);
}

function zonesOf(zones: CameraSettings["road_zones"]): readonly DrawnZone[] {
  return zones.map((one) => ({ id: one.id, polygon: polygonOf(one.polygon_rel) }));
}

/** All that can be chosen, the road zone even while it is the profile's. */
export function choices(draft: Draft): readonly Chosen[] {
  const numbered = (sort: "zones" | "masks") => draft[sort].map((_, at) => ({ sort, at }));
  const crowd: readonly Chosen[] = draft.crowd ? [{ sort: "crowd", at: 0 }] : [];
  return [ROAD, ...numbered("zones"), ...crowd, ...numbered("masks")];
}

export function shapeOf(draft: Draft, { sort, at }: Chosen): Polygon | null {
  if (sort === "road") return draft.road;
  const drawn = sort === "crowd" ? draft.crowd : draft[sort][at];
  return drawn?.polygon ?? null;
}

export function withShape(draft: Draft, { sort, at }: Chosen, polygon: Polygon): Draft {
  if (sort === "road") return { ...draft, road: polygon };
  if (sort === "crowd") return { ...draft, crowd: draft.crowd && { ...draft.crowd, polygon } };
  return { ...draft, [sort]: draft[sort].map((one, n) => (n === at ? { ...one, polygon } : one)) };
}

/** Without a mask or a part of the road. */
export function withoutShape(draft: Draft, sort: "zones" | "masks", at: number): Draft {
  return { ...draft, [sort]: draft[sort].toSpliced(at, 1) };
}

export function withMask(draft: Draft): Draft {
  return { ...draft, masks: [...draft.masks, { kinds: ["*"], polygon: SQUARE }] };
}

/** One part of the road more; the profile's come along, as one of the camera's own takes the place of all of them. */
export function withZone(draft: Draft, settings: CameraSettings): Draft {
  const kept = [...draft.zones, ...profileZones(settings, draft)];
  const taken = kept.map((one) => one.id);
  let number = kept.length + 1;
  while (taken.includes(`part-${number}`)) number++;
  return { ...draft, zones: [...kept, { id: `part-${number}`, polygon: SQUARE }] };
}

export function renamed(draft: Draft, at: number, id: string): Draft {
  return { ...draft, zones: draft.zones.map((one, n) => (n === at ? { ...one, id } : one)) };
}

/** What keeps it from being saved: a shape that crosses itself, or parts of the road that can't be told apart. */
export function faultOf(draft: Draft): "crossing" | "names" | null {
  const shapes = choices(draft).map((one) => shapeOf(draft, one));
  if (!shapes.every((one) => !one || isSimple(one))) return "crossing";
  const names = draft.zones.map((one) => one.id);
  return names.every(Boolean) && new Set(names).size === names.length ? null : "names";
}

const WHOLE_PICTURE: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/** Where the profile counts people, as long as that holds and is known. */
export function profileCrowd(settings: CameraSettings, draft: Draft): Polygon | null {
  const isKnown = draft.profile === settings.profile && settings.crowd === null && draft.crowd === null;
  return isKnown && settings.effective.crowd ? polygonOf(settings.effective.crowd.zone_rel) : null;
}

/** So many people are a crowd, where they are counted already; null: the profile has the say again. */
export function withCrowd(draft: Draft, settings: CameraSettings, people: number | null): Draft {
  if (people === null) return { ...draft, crowd: null };
  const ofProfile = settings.effective.crowd && polygonOf(settings.effective.crowd.zone_rel);
  return { ...draft, crowd: { people, polygon: draft.crowd?.polygon ?? ofProfile ?? WHOLE_PICTURE } };
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
