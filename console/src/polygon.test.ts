import assert from "node:assert/strict";
import test from "node:test";
import {
  addCorner,
  areaOf,
  canLose,
  halfway,
  isSimple,
  moveCorner,
  type Polygon,
  removeCorner,
  SQUARE,
} from "./polygon.ts";

const TRIANGLE: Polygon = [
  [0, 0],
  [1, 0],
  [0, 1],
];
const BOW_TIE: Polygon = [
  [0, 0],
  [1, 1],
  [1, 0],
  [0, 1],
];

test("a corner that is moved out of the picture stays at its edge", () => {
  assert.deepEqual(moveCorner(TRIANGLE, 1, [1.4, -0.2])[1], [1, 0]);
});

test("corners lie on a grid of thousandths", () => {
  assert.deepEqual(moveCorner(TRIANGLE, 0, [0.12345, 0.98765])[0], [0.123, 0.988]);
});

test("moving a corner leaves the others and the polygon before alone", () => {
  const moved = moveCorner(SQUARE, 2, [0.9, 0.9]);
  assert.deepEqual(moved.toSpliced(2, 1), SQUARE.toSpliced(2, 1));
  assert.deepEqual(SQUARE[2], [0.65, 0.65]);
});

test("a corner is added halfway to the next one, after the last one to the first", () => {
  assert.deepEqual(addCorner(TRIANGLE, 0)[1], [0.5, 0]);
  assert.deepEqual(addCorner(TRIANGLE, 2)[3], [0, 0.5]);
  assert.deepEqual(halfway(TRIANGLE, 1), [0.5, 0.5]);
});

test("a triangle loses no corner, anything else does", () => {
  assert.equal(canLose(TRIANGLE), false);
  assert.deepEqual(removeCorner(TRIANGLE, 1), TRIANGLE);
  assert.deepEqual(removeCorner(SQUARE, 0), SQUARE.slice(1));
});

test("a corner that is added and removed again leaves the same polygon", () => {
  for (const at of SQUARE.keys()) assert.deepEqual(removeCorner(addCorner(SQUARE, at), at + 1), SQUARE);
});

test("only a polygon that crosses itself isn't simple", () => {
  assert.equal(isSimple(TRIANGLE), true);
  assert.equal(isSimple(SQUARE), true);
  assert.equal(isSimple(BOW_TIE), false);
});

test("its area doesn't depend on which way round it was drawn", () => {
  assert.equal(areaOf(TRIANGLE), 0.5);
  assert.equal(areaOf(TRIANGLE.toReversed()), 0.5);
});
