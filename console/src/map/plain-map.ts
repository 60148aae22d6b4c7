/** The city on a plain canvas, for a map without a ground: 60 frames a second where WebGL is software or missing.
 *
 * MapLibre drew 8 a second there, and its 300 kB are for tiles. The cost is that two things draw the same map.
 */
import type { AreaOutline, Camera, Incident } from "../api/types.ts";
import { t } from "../i18n/index.ts";
import {
  aboutCamera,
  aboutIncident,
  BORDER,
  type CityMap,
  CLUSTER,
  CLUSTER_PX,
  CLUSTERED_TO_ZOOM,
  GROUND,
  NEAR_ZOOM,
  placed,
  readOutlines,
  SEVERITY_COLOURS,
  STATE_COLOURS,
} from "./city-map.ts";
import { listen } from "./gestures.ts";
import {
  type Cluster,
  clustered,
  fitted,
  type Point,
  panned,
  project,
  type Size,
  toScreen,
  type View,
  zoomed,
} from "./view.ts";

type Dot<T> = Point & { readonly of: T };

export interface PlainMap extends CityMap {
  /** Stand these cameras out. */
  choose(ids: ReadonlySet<string>): void;
}

interface Options {
  /** What a click on a camera does, in place of telling about it. */
  readonly onCamera: ((camera: Camera) => void) | null;
}

const FIRST: View = { ...project({ latitude: 12.68, longitude: 108.05 }), zoom: 11 };
const MARGIN_PX = 40;
const REACH_PX = 12;
const RADIUS_PX = { camera: 5, chosen: 8, incident: 9, halo: 20 };
const FULL = 2 * Math.PI;

export function drawPlainMap(place: HTMLElement, options: Options): PlainMap {
  const canvas = place.appendChild(document.createElement("canvas"));
  const map = new Drawing(canvas, place, options);
  canvas.tabIndex = 0;
  canvas.ariaLabel = t("map.keys");
  canvas.role = "application";
  listen(canvas, map);
  place.append(zoomButtons(map, canvas));
  return map;
}

class Drawing implements PlainMap {
  readonly #canvas: HTMLCanvasElement;
  readonly #place: HTMLElement;
  readonly #options: Options;
  readonly #watch: ResizeObserver;
  #size: Size = { width: 1, height: 1 };
  #view: View = FIRST;
  #isFitted = false;
  #frame = 0;
  #cameras: readonly Dot<Camera>[] = [];
  #incidents: readonly Dot<Incident>[] = [];
  #rings: readonly (readonly Point[])[] = [];
  #chosen: ReadonlySet<string> = new Set();
  /** Clusters by whole zoom: found once, for they take longer than a frame. */
  #clusters = new Map<number, readonly Cluster<Dot<Camera>>[]>();
  #popup: { readonly at: Point; readonly box: HTMLElement } | null = null;

  constructor(canvas: HTMLCanvasElement, place: HTMLElement, options: Options) {
    this.#canvas = canvas;
    this.#place = place;
    this.#options = options;
    this.#watch = new ResizeObserver(() => this.#resize());
    this.#watch.observe(place);
    this.#resize();
    readOutlines().then((areas) => this.#showAreas(areas), console.warn);
  }

  showCameras(cameras: readonly Camera[]): void {
    this.#cameras = cameras.map((one) => ({ ...project(one), of: one }));
    this.#clusters.clear();
    if (!this.#isFitted && cameras.length) this.#fit();
    this.#draw();
  }

  showIncidents(incidents: readonly Incident[]): void {
    this.#incidents = placed(incidents).map((one) => ({ ...project(one.place), of: one }));
    this.#draw();
  }

  choose(ids: ReadonlySet<string>): void {
    this.#chosen = ids;
    this.#draw();
  }

  lookAt(latitude: number, longitude: number): void {
    this.#isFitted = true;
    this.#go({ ...project({ latitude, longitude }), zoom: NEAR_ZOOM });
  }

  remove(): void {
    this.#watch.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#place.replaceChildren();
  }

  pan(by: Point): void {
    this.#go(panned(this.#view, by));
  }

  zoom(by: number, around: Point): void {
    this.#go(zoomed(this.#view, this.#size, around, by));
  }

  /** Tell about what is there: incidents lie above cameras, and clusters open. */
  pick(at: Point): void {
    this.#close();
    const under = <T extends Point>(those: readonly T[], reach: number) =>
      those.findLast((one) => isWithin(toScreen(this.#view, this.#size, one), at, reach));
    const incident = under(this.#incidents, REACH_PX);
    const cluster = under(this.#shownClusters(), REACH_PX);
    if (incident) this.#tell(incident, aboutIncident(...wordsOf(incident.of)));
    else if (cluster && cluster.members.length > 1) this.zoom(2, at);
    else if (cluster) this.#pickCamera(cluster.members[0] as Dot<Camera>);
  }

  #pickCamera(dot: Dot<Camera>): void {
    if (this.#options.onCamera) this.#options.onCamera(dot.of);
    else this.#tell(dot, aboutCamera(dot.of.id, dot.of.state));
  }

  #tell(at: Point, content: Node): void {
    const box = this.#place.appendChild(document.createElement("div"));
    box.className = "about";
    box.append(content);
    this.#popup = { at, box };
    this.#draw();
  }

  #close(): void {
    this.#popup?.box.remove();
    this.#popup = null;
  }

  #fit(): void {
    this.#isFitted = true;
    this.#view = fitted(this.#cameras, this.#size, MARGIN_PX, NEAR_ZOOM);
  }

  #showAreas(areas: readonly AreaOutline[]): void {
    const places = areas.flatMap((one) => one.rings);
    this.#rings = places.map((ring) =>
      ring.map(([longitude = 0, latitude = 0]) => project({ longitude, latitude })),
    );
    this.#draw();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#place;
    this.#size = { width, height };
    this.#canvas.width = width * devicePixelRatio;
    this.#canvas.height = height * devicePixelRatio;
    this.#draw();
  }

  #go(view: View): void {
    this.#view = view;
    this.#draw();
  }

  #draw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const context = this.#canvas.getContext("2d", { alpha: false });
      if (context) this.#paint(context);
    });
  }

  #paint(context: CanvasRenderingContext2D): void {
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.fillStyle = GROUND;
    context.fillRect(0, 0, this.#size.width, this.#size.height);
    this.#paintRings(context);
    for (const one of this.#shownClusters()) this.#paintCluster(context, one);
    for (const one of this.#incidents) this.#paintIncident(context, one);
    if (this.#popup) moveTo(this.#popup.box, toScreen(this.#view, this.#size, this.#popup.at));
  }

  #paintRings(context: CanvasRenderingContext2D): void {
    context.strokeStyle = BORDER;
    context.lineWidth = 1;
    context.beginPath();
    for (const ring of this.#rings) {
      for (const [number, at] of ring.entries()) {
        const { x, y } = toScreen(this.#view, this.#size, at);
        if (number) context.lineTo(x, y);
        else context.moveTo(x, y);
      }
    }
    context.stroke();
  }

  #shownClusters(): readonly Cluster<Dot<Camera>>[] {
    const zoom = Math.floor(this.#view.zoom);
    const radius = zoom < CLUSTERED_TO_ZOOM ? CLUSTER_PX : 0;
    const known = this.#clusters.get(zoom) ?? clustered(this.#cameras, zoom, radius);
    this.#clusters.set(zoom, known);
    return known;
  }

  #paintCluster(context: CanvasRenderingContext2D, cluster: Cluster<Dot<Camera>>): void {
    const at = toScreen(this.#view, this.#size, cluster);
    if (!this.#isSeen(at)) return;
    const isChosen = cluster.members.some((one) => this.#chosen.has(one.of.id));
    const count = cluster.members.length;
    context.strokeStyle = isChosen ? "#ffffff" : count > 1 ? CLUSTER.line : GROUND;
    context.lineWidth = isChosen ? 3 : 1.5;
    if (count === 1) {
      context.fillStyle = STATE_COLOURS[cluster.members[0]?.of.state ?? "never_heard"];
      disc(context, at, isChosen ? RADIUS_PX.chosen : RADIUS_PX.camera);
      return;
    }
    context.fillStyle = CLUSTER.fill;
    disc(context, at, 11 + Math.min(13, count / 5));
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = CLUSTER.text;
    context.fillText(String(count), at.x, at.y);
  }

  #paintIncident(context: CanvasRenderingContext2D, { of: incident, ...place }: Dot<Incident>): void {
    const at = toScreen(this.#view, this.#size, place);
    if (!this.#isSeen(at)) return;
    const colour = SEVERITY_COLOURS[incident.severity as keyof typeof SEVERITY_COLOURS];
    context.fillStyle = `${colour}40`;
    context.strokeStyle = "transparent";
    if (incident.status === "open") disc(context, at, RADIUS_PX.halo);
    context.fillStyle = colour;
    context.strokeStyle = "#ffffff";
    context.lineWidth = 2;
    disc(context, at, RADIUS_PX.incident);
  }

  #isSeen({ x, y }: Point): boolean {
    const [edge, { width, height }] = [MARGIN_PX, this.#size];
    return x > -edge && y > -edge && x < width + edge && y < height + edge;
  }
}

function wordsOf(incident: Incident): [id: string, kind: string, cameraId: string] {
  return [incident.id, incident.kind, incident.camera_ids[0] ?? ""];
}

function disc(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, FULL);
  context.fill();
  context.stroke();
}

function isWithin(one: Point, other: Point, px: number): boolean {
  return Math.hypot(one.x - other.x, one.y - other.y) <= px;
}

function moveTo(box: HTMLElement, { x, y }: Point): void {
  box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

function zoomButtons(map: Drawing, canvas: HTMLCanvasElement): HTMLElement {
  const box = document.createElement("div");
  box.className = "zoom";
  for (const [text, label, by] of [
    ["+", t("map.nearer"), 1],
    ["−", t("map.farther"), -1],
  ] as const) {
    const button = box.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = text;
    button.ariaLabel = label;
    button.addEventListener("click", () =>
      map.zoom(by, { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 }),
    );
  }
  return box;
}
