import assert from "node:assert/strict";
import test from "node:test";
import type { CameraSettings } from "./api/types.ts";
import {
  type Chosen,
  changedParts,
  choices,
  type Draft,
  draftOf,
  faultOf,
  merged,
  profileMasks,
  profileZones,
  ROAD,
  renamed,
  shapeOf,
  wishOf,
  withCrowd,
  withoutShape,
  withShape,
  withZone,
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
const ZONED: CameraSettings = {
  ...SETTINGS,
  effective: { ...SETTINGS.effective, road_zones: [{ id: "to-town", polygon_rel: ZONE }] },
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

test("the profile's parts of the road are known until the camera has its own, or is given another profile", () => {
  const known = [{ id: "to-town", polygon: ZONE }];
  assert.deepEqual(profileZones(ZONED, draftOf(ZONED)), known);
  assert.deepEqual(profileZones(ZONED, { ...draftOf(ZONED), profile: "river" }), []);
  assert.deepEqual(profileZones(ZONED, withZone(draftOf(ZONED), ZONED)), []);
  const saved = { ...ZONED, road_zones: ZONED.effective.road_zones };
  assert.deepEqual(profileZones(saved, { ...draftOf(saved), zones: [] }), []);
});

test("the first part of the road of its own takes the profile's along, and each gets a free name", () => {
  const drawn = withZone(withZone(draftOf(ZONED), ZONED), ZONED);
  assert.deepEqual(
    drawn.zones.map((one) => one.id),
    ["to-town", "part-2", "part-3"],
  );
  const again = withZone(withoutShape(drawn, "zones", 1), ZONED);
  assert.deepEqual(
    again.zones.map((one) => one.id),
    ["to-town", "part-3", "part-4"],
  );
});

test("a part of the road is saved under the name that it was given", () => {
  const drawn = renamed(withZone(BEFORE, SETTINGS), 0, "huong-cau");
  assert.deepEqual(wishOf(drawn, "none").road_zones, [{ id: "huong-cau", polygon_rel: SQUARE }]);
});

const CORNERED = [
  [0, 0],
  [0.1, 0],
  [0, 0.1],
] as const;
const AT = (sort: Chosen["sort"]): Chosen => ({ sort, at: 0 });
const FULL = withCrowd(withZone({ ...BEFORE, road: SQUARE }, SETTINGS), SETTINGS, 50);

test("everything that is drawn can be chosen, and the road before it is", () => {
  assert.deepEqual(choices(FULL), [ROAD, AT("zones"), AT("crowd"), AT("masks")]);
  assert.deepEqual(choices(BEFORE), [ROAD, AT("masks")]);
});

for (const one of choices(FULL)) {
  test(`a shape is changed in its own place: ${one.sort}`, () => {
    const moved = withShape(FULL, one, CORNERED);
    assert.deepEqual(changedParts(FULL, moved), [one.sort]);
    assert.equal(shapeOf(moved, one), CORNERED);
  });
}

const CROSSED = [
  [0, 0],
  [1, 1],
  [1, 0],
  [0, 1],
] as const;

for (const one of choices(FULL)) {
  test(`a shape that crosses itself is not saved: ${one.sort}`, () => {
    assert.equal(faultOf(FULL), null);
    assert.equal(faultOf(withShape(FULL, one, CROSSED)), "crossing");
  });
}

for (const [rule, name] of [
  ["without a name", ""],
  ["of the same name", "part-2"],
] as const) {
  test(`parts of the road ${rule} are not saved`, () => {
    assert.equal(faultOf(renamed(withZone(FULL, SETTINGS), 0, name)), "names");
  });
}

test("a crowd of the camera's own is counted where the profile counts, until it is left to the profile", () => {
  const own = withCrowd(BEFORE, SETTINGS, 50);
  assert.deepEqual(own.crowd, { people: 50, polygon: ZONE });
  assert.deepEqual(wishOf(own, "none").crowd, { people: 50, zone_rel: ZONE });
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
