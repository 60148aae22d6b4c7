import assert from "node:assert/strict";
import test from "node:test";
import { begin, did, doing, redo, undo } from "./history.ts";

const TWO_STEPS = did(did(begin("a"), "b"), "c");

test("what was done is undone step by step and done again", () => {
  assert.equal(undo(TWO_STEPS).now, "b");
  assert.equal(undo(undo(TWO_STEPS)).now, "a");
  assert.deepEqual(redo(undo(TWO_STEPS)), TWO_STEPS);
});

test("there is nothing before the beginning and nothing after the end", () => {
  assert.deepEqual(undo(begin("a")), begin("a"));
  assert.deepEqual(redo(TWO_STEPS), TWO_STEPS);
});

test("whoever goes on after undoing loses what was undone", () => {
  const other = did(undo(TWO_STEPS), "d");
  assert.deepEqual(other.future, []);
  assert.equal(undo(other).now, "b");
});

test("a drag is one step, however many places it passes", () => {
  const dragged = doing(doing(did(begin("a"), "b"), "c"), "d");
  assert.equal(dragged.now, "d");
  assert.equal(undo(dragged).now, "a");
});
