import assert from "node:assert/strict";
import test from "node:test";
import { fits, plain, says } from "./filters.ts";

const FLOOD = {
  kind: "flood",
  status: "open",
  severity: "severe",
  place: { area_id: "tan-lap", area_name: "Tân Lập", latitude: 12.7, longitude: 108.1 },
  units: [{ unit: "drainage", because: "" }],
} as const;
const SAID = ["Phường Tân Lập", "Ngập nước", "bmt-0007"];

const CASES: readonly (readonly [filters: string, wanted: boolean])[] = [
  ["", true],
  ["kind=flood", true],
  ["kind=garbage", false],
  ["status=open&area=tan-lap", true],
  ["status=open&area=tan-an", false],
  ["unit=drainage", true],
  ["unit=fire", false],
  ["severity=moderate", true],
  ["severity=severe", true],
  ["severity=extreme", false],
  ["search=tan lap", true],
  ["search=BMT-0007", true],
  ["search=cháy", false],
];

for (const [filters, wanted] of CASES) {
  test(`a severe flood ${wanted ? "fits" : "doesn't fit"} ${filters || "no filter"}`, () => {
    assert.equal(fits(FLOOD, new URLSearchParams(filters), SAID), wanted);
  });
}

test("a search knows neither case nor diacritics, đ included", () => {
  assert.equal(plain("Đường Ngô Quyền, Buôn Ma Thuột"), "duong ngo quyen, buon ma thuot");
  assert.equal(says(["Đường Ngô Quyền"], "NGO QUYEN"), true);
});
