import assert from "node:assert/strict";
import test from "node:test";
import { asCityTime, fromCityTime } from "./city-time.ts";

test("an evening in UTC is the next morning in the city", () => {
  assert.equal(asCityTime(Date.parse("2026-02-28T22:15:00Z")), "2026-03-01T05:15");
});

test("what is written in a field and read back is the same moment", () => {
  const at = Date.parse("2026-03-01T08:30:00Z");
  assert.equal(Date.parse(fromCityTime(asCityTime(at))), at);
});
