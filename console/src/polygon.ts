/** Polygons on a picture, as corners in shares of its width and height, each in [0,1]. Pure; tested by itself. */

export type Corner = readonly [x: number, y: number];
export type Polygon = readonly Corner[];

/** A thousandth of the picture: finer than anybody draws, short to write and to compare. */
const GRID = 1000;
const FEWEST = 3;

/** In the middle, for whoever has nothing yet. */
export const SQUARE: Polygon = [
  [0.35, 0.35],
  [0.65, 0.35],
  [0.65, 0.65],
  [0.35, 0.65],
];

export function moveCorner(polygon: Polygon, at: number, to: Corner): Polygon {
  return polygon.with(at, kept(to));
}

/** Put a corner halfway between one and the next. */
export function addCorner(polygon: Polygon, after: number): Polygon {
  return polygon.toSpliced(after + 1, 0, kept(halfway(polygon, after)));
}

/** Take a corner out; a triangle stays as it is. */
export function removeCorner(polygon: Polygon, at: number): Polygon {
  return canLose(polygon) ? polygon.toSpliced(at, 1) : polygon;
}

export function canLose(polygon: Polygon): boolean {
  return polygon.length > FEWEST;
}

/** The point where a corner could be added: the middle between one and the next. */
export function halfway(polygon: Polygon, after: number): Corner {
  const [[x1, y1], [x2, y2]] = edge(polygon, after);
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

/** The middle of its corners. */
export function middleOf(polygon: Polygon): Corner {
  const mean = (of: 0 | 1) => polygon.reduce((sum, corner) => sum + corner[of], 0) / polygon.length;
  return [mean(0), mean(1)];
}

/** Whether its edges cross nowhere: what lies in one that crosses itself is anybody's guess. */
export function isSimple(polygon: Polygon): boolean {
  const count = polygon.length;
  for (let one = 0; one < count; one++) {
    for (let other = one + 2; other < count; other++) {
      const areNeighbours = one === 0 && other === count - 1;
      if (!areNeighbours && cross(edge(polygon, one), edge(polygon, other))) return false;
    }
  }
  return true;
}

/** The share of the picture that it covers. */
export function areaOf(polygon: Polygon): number {
  const twice = polygon.map((_, at) => edge(polygon, at)).map(([[x1, y1], [x2, y2]]) => x1 * y2 - x2 * y1);
  return Math.abs(twice.reduce((sum, one) => sum + one, 0)) / 2;
}

export function isSame(one: Polygon | null, other: Polygon | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

type Edge = readonly [from: Corner, to: Corner];

function edge(polygon: Polygon, at: number): Edge {
  return [polygon[at] as Corner, polygon[(at + 1) % polygon.length] as Corner];
}

function kept([x, y]: Corner): Corner {
  return [snap(x), snap(y)];
}

function snap(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * GRID) / GRID;
}

function cross([a, b]: Edge, [c, d]: Edge): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** On which side of the line through two points a third lies; 0 on it. */
function side([x1, y1]: Corner, [x2, y2]: Corner, [x, y]: Corner): number {
  return Math.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1));
}
