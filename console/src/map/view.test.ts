import assert from "node:assert/strict";
import test from "node:test";
import { clustered, fitted, panned, project, toScreen, toWorld, type View, zoomed } from "./view.ts";

const SIZE = { width: 800, height: 600 };
const BUON_MA_THUOT = project({ latitude: 12.6797, longitude: 108.0377 });
const VIEW: View = { ...BUON_MA_THUOT, zoom: 12 };

function near(one: number, other: number, within = 1e-6): void {
  assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);
}

test("the middle of the world is where equator and Greenwich meet, and north is up", () => {
  assert.deepEqual(project({ latitude: 0, longitude: 0 }), { x: 0.5, y: 0.5 });
  assert.ok(BUON_MA_THUOT.y < 0.5);
});

test("a place on the picture and back is the same place", () => {
  const at = { x: 123, y: 456 };
  const back = toScreen(VIEW, SIZE, toWorld(VIEW, SIZE, at));
  near(back.x, at.x);
  near(back.y, at.y);
});

test("what is pushed goes along by as much", () => {
  const pushed = toScreen(panned(VIEW, { x: 30, y: -20 }), SIZE, BUON_MA_THUOT);
  near(pushed.x, 430);
  near(pushed.y, 280);
});

test("what is under the pointer stays there while the map is zoomed", () => {
  const pointer = { x: 700, y: 100 };
  const before = toWorld(VIEW, SIZE, pointer);
  const after = toScreen(zoomed(VIEW, SIZE, pointer, 1.5), SIZE, before);
  near(after.x, pointer.x);
  near(after.y, pointer.y);
});

test("nobody zooms out of the world or into a stone", () => {
  assert.equal(zoomed(VIEW, SIZE, { x: 0, y: 0 }, 99).zoom, 20);
  assert.equal(zoomed(VIEW, SIZE, { x: 0, y: 0 }, -99).zoom, 3);
});

test("all points are seen, the outermost at the margin", () => {
  const points = [project({ latitude: 12.6, longitude: 108 }), project({ latitude: 12.7, longitude: 108.2 })];
  const view = fitted(points, SIZE, 40, 16);
  const [west, east] = points.map((one) => toScreen(view, SIZE, one));
  near(west?.x ?? 0, 40);
  near(east?.x ?? 0, 760);
  assert.ok((east?.y ?? 0) > 40);
});

test("a single point is shown from no nearer than is allowed", () => {
  assert.equal(fitted([BUON_MA_THUOT], SIZE, 40, 16).zoom, 16);
});

test("neighbours share a cluster from afar and none from nearby, and nobody is lost or counted twice", () => {
  const points = Array.from({ length: 50 }, (_, n) => ({ x: 0.8 + n * 1e-6, y: 0.46 }));
  const far = clustered(points, 10, 36);
  assert.ok(far.length < 5);
  assert.deepEqual(
    far.flatMap((one) => one.members),
    points,
  );
  assert.equal(clustered(points, 17, 36).length, 50);
});
