/** A picture to draw polygons on: by mouse, finger or keys. Arrows move a corner, + adds one after it, Delete takes it. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import {
  addCorner,
  type Corner,
  halfway,
  middleOf,
  moveCorner,
  type Polygon,
  removeCorner,
} from "../polygon.ts";

const STEP = 0.01;
const FINE_STEP = 0.001;
const ARROWS: Readonly<Record<string, Corner>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface Outline {
  readonly polygon: Polygon;
  /** How it looks: as its sort, and `fixed` where it comes from elsewhere. */
  readonly look: string;
  /** Said in its middle. */
  readonly label?: string;
  readonly onChoose?: () => void;
}

interface PolygonSurfaceProps {
  readonly image: string;
  readonly outlines: readonly Outline[];
  /** What is being drawn, if anything is. */
  readonly drawn: Polygon | null;
  readonly name: string;
  /** A step that can be undone, or one more place of a drag that already is one. */
  readonly onDraw: (polygon: Polygon, isDragged: boolean) => void;
}

export function PolygonSurface({ image, outlines, drawn, name, onDraw }: PolygonSurfaceProps) {
  const surface = useRef<HTMLDivElement>(null);
  const focused = useRef<number | null>(null);
  useEffect(() => {
    if (focused.current === null) return;
    surface.current?.querySelectorAll<HTMLElement>(".corner")[focused.current]?.focus();
    focused.current = null;
  });
  const change = (polygon: Polygon, corner: number) => {
    focused.current = corner;
    onDraw(polygon, false);
  };
  const shareAt = ({ clientX, clientY }: PointerEvent): Corner => {
    const box = (surface.current as HTMLElement).getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  };
  return (
    <div class={image ? "surface" : "surface grid"} ref={surface}>
      {image && <img src={image} alt={t("editor.picture")} draggable={false} />}
      <Outlines outlines={outlines} drawn={drawn} />
      {outlines.map(
        ({ label, polygon }, number) =>
          label && (
            <span key={number} class="label" style={placeOf(middleOf(polygon))}>
              {label}
            </span>
          ),
      )}
      {drawn?.map((_, at) => (
        <button
          key={`between-${at}`}
          type="button"
          class="between"
          tabIndex={-1}
          aria-hidden="true"
          style={placeOf(halfway(drawn, at))}
          onClick={() => change(addCorner(drawn, at), at + 1)}
        />
      ))}
      {drawn?.map((corner, at) => (
        <CornerHandle
          key={`corner-${at}`}
          label={t("editor.corner", { n: at + 1, name, x: percentOf(corner[0]), y: percentOf(corner[1]) })}
          corner={corner}
          shareAt={shareAt}
          onMove={(to, isDragged) => onDraw(moveCorner(drawn, at, to), isDragged)}
          onAdd={() => change(addCorner(drawn, at), at + 1)}
          onRemove={() => change(removeCorner(drawn, at), Math.max(0, at - 1))}
        />
      ))}
    </div>
  );
}

interface OutlinesProps {
  readonly outlines: readonly Outline[];
  readonly drawn: Polygon | null;
}

function Outlines({ outlines, drawn }: OutlinesProps) {
  return (
    <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {lastOnTop(outlines, drawn).map(({ polygon, look, onChoose }, number) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a short cut, the list beside it has a button for each
        <polygon
          key={`${look}-${number}`}
          class={`${look}${polygon === drawn ? " drawn-now" : ""}`}
          points={polygon.map((corner) => corner.join(",")).join(" ")}
          vector-effect="non-scaling-stroke"
          onClick={onChoose}
        />
      ))}
    </svg>
  );
}

/** What is drawn lies above what isn't. */
function lastOnTop(outlines: readonly Outline[], drawn: Polygon | null): readonly Outline[] {
  return outlines.toSorted((one, other) => Number(one.polygon === drawn) - Number(other.polygon === drawn));
}

interface CornerHandleProps {
  readonly label: string;
  readonly corner: Corner;
  readonly shareAt: (event: PointerEvent) => Corner;
  readonly onMove: (to: Corner, isDragged: boolean) => void;
  readonly onAdd: () => void;
  readonly onRemove: () => void;
}

function CornerHandle({ label, corner, shareAt, onMove, onAdd, onRemove }: CornerHandleProps) {
  const drag = useRef<"none" | "held" | "moving">("none");
  const pressed = (event: JSX.TargetedPointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = "held";
  };
  const moved = (event: PointerEvent) => {
    if (drag.current === "none") return;
    onMove(shareAt(event), drag.current === "moving");
    drag.current = "moving";
  };
  const typed = (event: KeyboardEvent) => {
    // A letter that leads to another page elsewhere would cost what was drawn.
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    const step = event.shiftKey ? FINE_STEP : STEP;
    if (x || y) onMove([corner[0] + x * step, corner[1] + y * step], false);
    else if (event.key === "+" || event.key === "Insert") onAdd();
    else if (event.key === "Delete" || event.key === "Backspace") onRemove();
    else return;
    event.preventDefault();
  };
  const released = () => {
    drag.current = "none";
  };
  return (
    <button
      type="button"
      class="corner"
      aria-label={label}
      style={placeOf(corner)}
      onPointerDown={pressed}
      onPointerMove={moved}
      onPointerUp={released}
      onPointerCancel={released}
      onKeyDown={typed}
    />
  );
}

export function percentOf(share: number): string {
  return (share * 100).toFixed(1);
}

function placeOf([x, y]: Corner): JSX.CSSProperties {
  return { left: `${x * 100}%`, top: `${y * 100}%` };
}
