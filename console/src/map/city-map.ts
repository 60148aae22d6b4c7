/** The city on a map, whoever draws it: MapLibre where the deployment has a ground to show, else our own canvas. */
import type { Area, AreaOutline, Camera, Incident } from "../api/types.ts";
import { word } from "../i18n/index.ts";
import { app, nowMs } from "../state/app.ts";
import { cameraName, kindName } from "../state/names.ts";

export interface CityMap {
  showCameras(cameras: readonly Camera[]): void;
  showIncidents(incidents: readonly Incident[]): void;
  lookAt(latitude: number, longitude: number): void;
  remove(): void;
}

export const STATE_COLOURS = {
  live: "#5cc8bd",
  frozen: "#f2c14e",
  silent: "#ff7a70",
  never_heard: "#8fa3ad",
};
export const SEVERITY_COLOURS = {
  minor: "#7fb2e0",
  moderate: "#f2c14e",
  severe: "#ff9d5c",
  extreme: "#ff5a4e",
};
export const GROUND = "#0a1116";
export const BORDER = "#4f6976";
export const CLUSTER = { fill: "#1d3a44", line: "#5cc8bd", text: "#e6eef1" };
export const CLUSTERED_TO_ZOOM = 14;
export const CLUSTER_PX = 36;
export const NEAR_ZOOM = 16;

/** Draw it; MapLibre, most of the console's bytes, is fetched only where there is a ground for it to draw. */
export async function drawMap(place: HTMLElement, tiles: string): Promise<CityMap> {
  if (tiles) {
    try {
      return await (await import("./tiled-map.ts")).drawTiledMap(place, tiles);
    } catch (error) {
      console.warn("no WebGL, so no ground:", error);
      place.replaceChildren();
    }
  }
  return (await import("./plain-map.ts")).drawPlainMap(place, { onCamera: null });
}

/** Incidents that have a place of their own. */
export function placed(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.filter((one) => one.place.area_id !== "*");
}

/** Boundaries of the areas in force, where the city pack gives them. */
export async function readOutlines(): Promise<readonly AreaOutline[]> {
  const { api } = app();
  const today = new Date(nowMs.peek()).toISOString().slice(0, 10);
  const areas = await api.all<Area>("/areas", { on: today });
  const outlines = await Promise.all(areas.map((one) => api.get<AreaOutline>(`/areas/${one.id}`)));
  return outlines.filter((one) => one.rings.length > 0);
}

export function aboutCamera(id: string, state: string): Node {
  return about(cameraName(id), word("state", state), `#/cameras?search=${id}`);
}

export function aboutIncident(id: string, kind: string, cameraId: string): Node {
  return about(kindName(kind), cameraName(cameraId), `#/incidents/${id}`);
}

/** Built of nodes and never of markup: names come from elsewhere. */
function about(title: string, text: string, href: string): Node {
  const [box, link, line] = [
    document.createElement("div"),
    document.createElement("a"),
    document.createElement("div"),
  ];
  box.className = "popup";
  link.href = href;
  link.textContent = title;
  line.textContent = text;
  box.append(link, line);
  return box;
}
