import assert from "node:assert/strict";
import test from "node:test";
import type { Incident } from "./api/types.ts";
import { byHour, counted, figuresOf, median } from "./figures.ts";

const NOW = Date.parse("2026-03-01T12:30:00Z");

function incident(differences: Partial<Incident> = {}): Incident {
  const usual = { opened_at: "2026-03-01T12:00:00Z", acknowledged_at: null, escalation_level: 0 };
  return { ...usual, ...differences } as Incident;
}

test("nothing comes to nothing, not to zero seconds", () => {
  assert.deepEqual(figuresOf([]), {
    opened: 0,
    acknowledged: 0,
    medianAckSeconds: null,
    inTime: null,
    falseAlarms: 0,
  });
});

test("only what was acknowledged counts for how fast and how timely", () => {
  const found = figuresOf([
    incident({ acknowledged_at: "2026-03-01T12:00:10Z" }),
    incident({ acknowledged_at: "2026-03-01T12:00:50Z", escalation_level: 1 }),
    incident({ dismissed_because: "false_alarm" }),
  ]);
  assert.deepEqual(found, { opened: 3, acknowledged: 2, medianAckSeconds: 30, inTime: 0.5, falseAlarms: 1 });
});

test("the median of an even number lies between the two in the middle", () => {
  assert.equal(median([9, 1, 3, 5]), 4);
  assert.equal(median([9, 1, 3]), 3);
});

test("the last hour stands last, and what is older than all hours counts nowhere", () => {
  const at = (opened_at: string) => incident({ opened_at });
  const opened = [at("2026-03-01T12:29:00Z"), at("2026-03-01T11:29:00Z"), at("2026-03-01T02:00:00Z")];
  assert.deepEqual(byHour(opened, NOW, 3), [0, 1, 1]);
});

test("the most comes first, and the alphabet decides among equals", () => {
  assert.deepEqual(
    counted(["b", "a", "c", "c"], (one) => one),
    [
      ["c", 2],
      ["a", 1],
      ["b", 1],
    ],
  );
});
