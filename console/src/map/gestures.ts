/** What fingers, mouse, wheel and keys want of a map: to push it, to come nearer, to know what is there. */
import type { Point } from "./view.ts";

export interface Wishes {
  readonly pan: (by: Point) => void;
  readonly zoom: (by: number, around: Point) => void;
  readonly pick: (at: Point) => void;
}

const CLICK_PX = 5;
const WHEEL_PX = 400;
const STEP_PX = 80;
const KEYS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: STEP_PX, y: 0 },
  ArrowRight: { x: -STEP_PX, y: 0 },
  ArrowUp: { x: 0, y: STEP_PX },
  ArrowDown: { x: 0, y: -STEP_PX },
};

export function listen(canvas: HTMLCanvasElement, wishes: Wishes): void {
  const held = new Map<number, Point>();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (held.size === 0) travelled = 0;
    held.set(event.pointerId, within(event));
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const now = within(event);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, now);
    travelled += distance(before, now);
    const share = held.size === 2 ? 2 : 1;
    wishes.pan({ x: (now.x - before.x) / share, y: (now.y - before.y) / share });
    if (other) wishes.zoom(Math.log2(distance(now, other) / distance(before, other)), middle(now, other));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (held.delete(event.pointerId) && travelled < CLICK_PX) wishes.pick(within(event));
  });
  canvas.addEventListener("pointercancel", (event) => held.delete(event.pointerId));
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      wishes.zoom(-event.deltaY / WHEEL_PX, within(event));
    },
    { passive: false },
  );
  canvas.addEventListener("dblclick", (event) => wishes.zoom(1, within(event)));
  canvas.addEventListener("keydown", (event) => {
    const push = KEYS[event.key];
    const nearer = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (!push && !nearer) return;
    event.preventDefault();
    if (push) wishes.pan(push);
    if (nearer) wishes.zoom(nearer, { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
  });
}

function within(event: MouseEvent): Point {
  return { x: event.offsetX, y: event.offsetY };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y) || 1;
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
