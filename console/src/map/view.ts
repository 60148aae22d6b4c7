/** What part of the world a map shows, and which points fall into one. Web Mercator, the world being [0,1]².
 * Pure; tested by itself.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** The world's point in the middle of the picture, and the zoom: the world is 512 px wide at 0, twice as wide at 1. */
export interface View extends Point {
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Cluster<T> extends Point {
  readonly members: readonly T[];
}

const TILE_PX = 512;
const [LEAST_ZOOM, MOST_ZOOM] = [3, 20];

export function project({ latitude, longitude }: Place): Point {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function scaleOf(zoom: number): number {
  return TILE_PX * 2 ** zoom;
}

/** Where a point of the world is on the picture, in px from its left top. */
export function toScreen(view: View, size: Size, at: Point): Point {
  const scale = scaleOf(view.zoom);
  return { x: (at.x - view.x) * scale + size.width / 2, y: (at.y - view.y) * scale + size.height / 2 };
}

export function toWorld(view: View, size: Size, at: Point): Point {
  const scale = scaleOf(view.zoom);
  return { x: view.x + (at.x - size.width / 2) / scale, y: view.y + (at.y - size.height / 2) / scale };
}

/** The picture pushed by so many px. */
export function panned(view: View, by: Point): View {
  const scale = scaleOf(view.zoom);
  return { ...view, x: view.x - by.x / scale, y: view.y - by.y / scale };
}

/** Nearer or farther, with what is under a point of the picture staying there. */
export function zoomed(view: View, size: Size, around: Point, by: number): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, view.zoom + by));
  const fixed = toWorld(view, size, around);
  const moved = toWorld({ ...view, zoom }, size, around);
  return { x: view.x + fixed.x - moved.x, y: view.y + fixed.y - moved.y, zoom };
}

/** The nearest view that shows all points with some px around them. */
export function fitted(points: readonly Point[], size: Size, margin: number, mostZoom: number): View {
  const [xs, ys] = [points.map((one) => one.x), points.map((one) => one.y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const wide = Math.max(1, size.width - 2 * margin) / Math.max(right - left, Number.EPSILON);
  const high = Math.max(1, size.height - 2 * margin) / Math.max(bottom - top, Number.EPSILON);
  const zoom = Math.min(mostZoom, Math.log2(Math.min(wide, high) / TILE_PX));
  return { x: (left + right) / 2, y: (top + bottom) / 2, zoom };
}

/** Points that lie within so many px of each other at a zoom, together; each point falls into one cluster. */
export function clustered<T extends Point>(points: readonly T[], zoom: number, radius: number): Cluster<T>[] {
  const near = (radius / scaleOf(zoom)) ** 2;
  const left = new Set(points);
  const clusters: Cluster<T>[] = [];
  for (const first of points) {
    if (!left.has(first)) continue;
    const members = [...left].filter((one) => (one.x - first.x) ** 2 + (one.y - first.y) ** 2 <= near);
    for (const one of members) left.delete(one);
    clusters.push({ x: mean(members.map((one) => one.x)), y: mean(members.map((one) => one.y)), members });
  }
  return clusters;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
