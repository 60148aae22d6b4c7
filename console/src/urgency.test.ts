import assert from "node:assert/strict";
import test from "node:test";
import type { Incident } from "./api/types.ts";
import { asClock, byUrgency, isWaiting, leftSeconds } from "./urgency.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");

function incident(id: string, differences: Partial<Incident> = {}): Incident {
  const usual = { status: "open", severity: "moderate", escalation_level: 0, due_at: "2026-03-01T00:05:00Z" };
  return { ...usual, id, ...differences } as Incident;
}

const ORDERED: readonly (readonly [rule: string, first: Incident, second: Incident])[] = [
  [
    "what nobody has taken comes before worse that somebody has",
    incident("b", { severity: "minor" }),
    incident("a", { status: "acknowledged", severity: "extreme" }),
  ],
  ["the worse comes first", incident("b", { severity: "severe" }), incident("a")],
  ["of equals the more escalated comes first", incident("b", { escalation_level: 1 }), incident("a")],
  [
    "then whichever deadline is nearer",
    incident("b", { due_at: "2026-03-01T00:01:00Z" }),
    incident("a", { due_at: null }),
  ],
  ["and of the very same the id decides, so that rows don't jump", incident("a"), incident("b")],
];

for (const [rule, first, second] of ORDERED) {
  test(rule, () => {
    assert.deepEqual([second, first].sort(byUrgency), [first, second]);
    assert.deepEqual([first, second].sort(byUrgency), [first, second]);
  });
}

test("a candidate waits as an open incident does", () => {
  assert.equal(isWaiting({ status: "awaiting_confirmation" }), true);
  assert.equal(isWaiting({ status: "in_progress" }), false);
});

test("time left turns negative once it is late, and is nothing without a deadline", () => {
  assert.equal(leftSeconds({ due_at: "2026-03-01T00:00:30Z" }, NOW), 30);
  assert.equal(leftSeconds({ due_at: "2026-02-28T23:59:00Z" }, NOW), -60);
  assert.equal(leftSeconds({ due_at: null }, NOW), null);
});

const CLOCKS: readonly (readonly [seconds: number, said: string])[] = [
  [0, "0:00"],
  [59.9, "0:59"],
  [245, "4:05"],
  [3723, "1:02:03"],
  [-65, "−1:05"],
];

for (const [seconds, said] of CLOCKS) {
  test(`${seconds} s are ${said} on the clock`, () => assert.equal(asClock(seconds), said));
}
