import assert from "node:assert/strict";
import test from "node:test";
import type { CameraSettings } from "./api/types.ts";
import {
  changedParts,
  type Draft,
  draftOf,
  merged,
  profileMasks,
  wishOf,
  withCrowd,
  withShape,
  zonesOf,
} from "./camera-draft.ts";
import { SQUARE } from "./polygon.ts";

const ZONE = [
  [0, 0.35],
  [1, 0.35],
  [1, 1],
] as const;
const SETTINGS: CameraSettings = {
  version: "2025+1",
  profile: "junction",
  road_zone_rel: null,
  masks: [{ kinds: ["flood"], polygon_rel: SQUARE }],
  schedules: [],
  road_zones: [],
  stopped_after_s: null,
  crowd: null,
  effective: {
    profile: "junction",
    road_zone_rel: ZONE,
    masks: [
      { kinds: ["*"], polygon_rel: ZONE },
      { kinds: ["flood"], polygon_rel: SQUARE },
    ],
    schedules: [],
    road_zones: [],
    stopped_after_s: 300,
    crowd: { people: 30, zone_rel: ZONE },
  },
  profiles: ["junction", "river"],
};
const BEFORE = draftOf(SETTINGS);
const NIGHT = { kinds: ["garbage"], hours: [{ start: "22:00", until: "06:00", days: ["mon"] }] } as const;

test("what was read and not touched is saved as it was", () => {
  assert.deepEqual(wishOf(BEFORE, "none"), {
    profile: "junction",
    road_zone_rel: null,
    masks: SETTINGS.masks,
    schedules: [],
    road_zones: [],
    stopped_after_s: null,
    crowd: null,
    purpose: "none",
  });
});

test("a profile's masks are those that the camera doesn't have itself", () => {
  assert.deepEqual(profileMasks(SETTINGS), [ZONE]);
});

test("the parts of the road are the camera's own, or else its profile's", () => {
  const zone = (polygon: typeof SQUARE) => ({ id: "to-town", polygon_rel: polygon });
  const ofProfile = { ...SETTINGS, effective: { ...SETTINGS.effective, road_zones: [zone(ZONE)] } };
  const own = { ...ofProfile, road_zones: [zone(SQUARE)] };
  assert.deepEqual(zonesOf(ofProfile, draftOf(ofProfile)), [ZONE]);
  assert.deepEqual(zonesOf(own, draftOf(own)), [SQUARE]);
});

test("a shape is changed in its own place", () => {
  assert.deepEqual(changedParts(BEFORE, withShape(BEFORE, "road", ZONE)), ["road"]);
  assert.deepEqual(changedParts(BEFORE, withShape(BEFORE, 0, ZONE)), ["masks"]);
  assert.deepEqual(withShape(BEFORE, 0, ZONE).masks[0]?.kinds, ["flood"]);
});

test("a crowd of the camera's own is counted where the profile counts, until it is left to the profile", () => {
  const own = withCrowd(BEFORE, SETTINGS, 50);
  assert.deepEqual(own.crowd, { people: 50, zone_rel: ZONE });
  assert.deepEqual(changedParts(BEFORE, own), ["crowd"]);
  assert.deepEqual(changedParts(BEFORE, withCrowd(own, SETTINGS, null)), []);
});

const CASES: readonly (readonly [
  rule: string,
  mine: Partial<Draft>,
  theirs: Partial<Draft>,
  clashes: string[],
])[] = [
  ["what only I changed stays mine", { road: ZONE }, {}, []],
  ["what only they changed becomes theirs", {}, { schedules: [NIGHT] }, []],
  ["changes in different places go together", { road: ZONE }, { schedules: [NIGHT], profile: "river" }, []],
  ["what both changed alike is no clash", { road: ZONE }, { road: ZONE }, []],
  ["what both changed is mine, and said to be", { road: ZONE }, { road: SQUARE, profile: "river" }, ["road"]],
];

for (const [rule, mine, theirs, clashes] of CASES) {
  test(rule, () => {
    const found = merged(BEFORE, { ...BEFORE, ...mine }, { ...BEFORE, ...theirs });
    assert.deepEqual(found.draft, { ...BEFORE, ...theirs, ...mine });
    assert.deepEqual(found.clashes, clashes);
  });
}
