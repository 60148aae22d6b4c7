import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import test from "node:test";
import { en } from "./en.ts";
import { vi } from "./vi.ts";

const SOURCE = globSync("src/**/*.{ts,tsx}")
  .filter((path) => !/\.test\.ts$|schema\.d\.ts$|i18n.(vi|en)\.ts$/.test(path))
  .map((path) => readFileSync(path, "utf-8"))
  .join("\n");

const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();

test("every word stands in both languages", () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(vi).sort());
});

test("no word is empty, and each leaves the same gaps in both languages", () => {
  for (const [key, text] of Object.entries(vi)) {
    const other = en[key as keyof typeof vi];
    assert.ok(text.trim() && other.trim(), key);
    assert.deepEqual(gaps(other), gaps(text), key);
  }
});

/** A word is used by its key, or with others of its group by what the API says. */
test("every word is used", () => {
  const groups = [...SOURCE.matchAll(/word\("(\w+)"|t\(`(\w+)\.\$/g)].map((found) => found[1] ?? found[2]);
  const unused = Object.keys(vi).filter(
    (key) => !SOURCE.includes(`"${key}"`) && !groups.includes(key.split(".")[0]),
  );
  assert.deepEqual(unused, []);
});
