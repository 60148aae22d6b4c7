import assert from "node:assert/strict";
import test from "node:test";
import { filtersOf, withFilter, withFilters, wordsOf } from "./address.ts";

const WORDS: readonly (readonly [hash: string, words: readonly string[]])[] = [
  ["", []],
  ["#/", []],
  ["#/incidents/20260301-a1", ["incidents", "20260301-a1"]],
  ["#/incidents/a1?search=b/c", ["incidents", "a1"]],
  ["#/cameras/c%C3%A2y", ["cameras", "cây"]],
  ["#/cameras/%E0%A4%A", ["cameras"]],
];

for (const [hash, words] of WORDS) {
  test(`the words of ${hash || "nothing"} are ${words.join(", ") || "none"}`, () => {
    assert.deepEqual(wordsOf(hash), words);
  });
}

test("filters stand after the question mark", () => {
  assert.equal(filtersOf("#/?kind=flood&search=c%E1%BA%A7u").get("search"), "cầu");
  assert.equal(filtersOf("#/map").toString(), "");
});

test("other filters leave the place as it is", () => {
  const filters = new URLSearchParams({ kind: "flood" });
  assert.equal(withFilters("#/cameras?state=silent", filters), "#/cameras?kind=flood");
  assert.equal(withFilters("#/cameras?state=silent", new URLSearchParams()), "#/cameras");
  assert.equal(withFilters("", filters), "#/?kind=flood");
});

test("choosing one filter leaves the others alone, choosing nothing takes it out", () => {
  const filters = new URLSearchParams("kind=flood&unit=fire");
  assert.equal(withFilter(filters, "kind", "garbage").toString(), "kind=garbage&unit=fire");
  assert.equal(withFilter(filters, "kind", "").toString(), "unit=fire");
  assert.equal(filters.toString(), "kind=flood&unit=fire");
});
