/** Draws the city: the ground if there is one, cameras in clusters, incidents above them.
 *
 * Numbers in clusters are drawn here, because text in MapLibre needs glyphs from a server that a map without tiles
 * doesn't have.
 */
import type { GeoJSONSource, Map as MapLibre, MapMouseEvent, StyleSpecification } from "maplibre-gl";
import type { Area, AreaOutline, Camera, Incident } from "../api/types.ts";
import { word } from "../i18n/index.ts";
import { app, cameraName, nowMs } from "../state/app.ts";

export interface CityMap {
  showCameras(cameras: readonly Camera[]): void;
  showIncidents(incidents: readonly Incident[]): void;
  lookAt(latitude: number, longitude: number): void;
  remove(): void;
}

const STATE_COLOURS = [
  "match",
  ["get", "state"],
  "live",
  "#5cc8bd",
  "frozen",
  "#f2c14e",
  "silent",
  "#ff7a70",
  "#8fa3ad",
];
const SEVERITY_COLOURS = [
  "match",
  ["get", "severity"],
  "minor",
  "#7fb2e0",
  "moderate",
  "#f2c14e",
  "severe",
  "#ff9d5c",
  "#ff5a4e",
];
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const NO_GROUND: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "ground", type: "background", paint: { "background-color": "#0a1116" } }],
};
const CLUSTERED_TO_ZOOM = 14;
const NEAR_ZOOM = 16;

export async function drawMap(place: HTMLElement, tiles: string): Promise<CityMap> {
  const [{ Map: Drawn, NavigationControl, Popup, setWorkerUrl }, { default: worker }] = await Promise.all([
    import("maplibre-gl"),
    import("maplibre-gl/dist/maplibre-gl-worker.mjs?url"),
    import("maplibre-gl/dist/maplibre-gl.css"),
  ]);
  setWorkerUrl(worker);
  const map = new Drawn({
    container: place,
    style: tiles || NO_GROUND,
    center: [108.05, 12.68],
    zoom: 11,
    attributionControl: tiles ? {} : false,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.setMissingStyleImageResolver((id) => {
    map.addImage(id, numberImage(id.slice(1)), { pixelRatio: 2 });
  });
  await map.once("load");
  addLayers(map);
  void drawAreas(map);
  bindClicks(map, (at, content) =>
    new Popup({ maxWidth: "20rem" }).setLngLat(at).setDOMContent(content).addTo(map),
  );
  let fitted = false;
  return {
    showCameras(cameras) {
      setData(
        map,
        "cameras",
        cameras.map((one) => point(one, { id: one.id, state: one.state })),
      );
      if (!fitted && cameras.length) fit(map, cameras);
      fitted ||= cameras.length > 0;
    },
    showIncidents(incidents) {
      const local = incidents.filter((one) => one.place.area_id !== "*");
      setData(
        map,
        "incidents",
        local.map((one) =>
          point(one.place, {
            id: one.id,
            kind: one.kind,
            camera: one.camera_ids[0] ?? "",
            severity: one.severity,
            waiting: one.status === "open",
          }),
        ),
      );
    },
    lookAt(latitude, longitude) {
      fitted = true;
      map.jumpTo({ center: [longitude, latitude], zoom: NEAR_ZOOM });
    },
    remove: () => map.remove(),
  };
}

function addLayers(map: MapLibre): void {
  map.addSource("areas", { type: "geojson", data: EMPTY });
  map.addSource("cameras", {
    type: "geojson",
    data: EMPTY,
    cluster: true,
    clusterMaxZoom: CLUSTERED_TO_ZOOM - 1,
    clusterRadius: 36,
  });
  map.addSource("incidents", { type: "geojson", data: EMPTY });
  map.addLayer({
    id: "areas",
    type: "line",
    source: "areas",
    paint: { "line-color": "#4f6976", "line-width": 1 },
  });
  map.addLayer({
    id: "clusters",
    type: "circle",
    source: "cameras",
    filter: ["has", "point_count"],
    paint: {
      "circle-color": "#1d3a44",
      "circle-stroke-color": "#5cc8bd",
      "circle-stroke-width": 1.5,
      "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 11, 60, 24],
    },
  });
  map.addLayer({
    id: "counts",
    type: "symbol",
    source: "cameras",
    filter: ["has", "point_count"],
    layout: {
      "icon-image": ["concat", "n", ["to-string", ["get", "point_count"]]],
      "icon-allow-overlap": true,
    },
  });
  map.addLayer({
    id: "cameras",
    type: "circle",
    source: "cameras",
    filter: ["!", ["has", "point_count"]],
    paint: {
      "circle-color": STATE_COLOURS as never,
      "circle-radius": 5,
      "circle-stroke-color": "#0a1116",
      "circle-stroke-width": 1,
    },
  });
  map.addLayer({
    id: "halo",
    type: "circle",
    source: "incidents",
    filter: ["get", "waiting"],
    paint: { "circle-color": SEVERITY_COLOURS as never, "circle-radius": 20, "circle-opacity": 0.25 },
  });
  map.addLayer({
    id: "incidents",
    type: "circle",
    source: "incidents",
    paint: {
      "circle-color": SEVERITY_COLOURS as never,
      "circle-radius": 9,
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 2,
    },
  });
}

/** Boundaries of the areas in force, where the city pack gives them. */
async function drawAreas(map: MapLibre): Promise<void> {
  const { api } = app();
  const today = new Date(nowMs.peek()).toISOString().slice(0, 10);
  const areas = await api.all<Area>("/areas", { on: today });
  const outlines = await Promise.all(areas.map((one) => api.get<AreaOutline>(`/areas/${one.id}`)));
  const features = outlines.filter((one) => one.rings.length).map((one) => outline(one));
  if (map.getSource("areas")) setData(map, "areas", features);
}

function bindClicks(map: MapLibre, show: (at: [number, number], content: Node) => void): void {
  map.on("click", "clusters", async ({ features }) => {
    const [cluster] = features ?? [];
    if (cluster?.geometry.type !== "Point") return;
    const zoom = await (map.getSource("cameras") as GeoJSONSource).getClusterExpansionZoom(
      cluster.properties.cluster_id,
    );
    map.easeTo({ center: cluster.geometry.coordinates as [number, number], zoom });
  });
  const popup =
    (content: (of: Record<string, string>) => Node) =>
    (event: MapMouseEvent & { features?: GeoJSON.Feature[] }) => {
      const feature = event.features?.[0];
      if (feature?.geometry.type !== "Point") return;
      event.preventDefault();
      show(
        feature.geometry.coordinates as [number, number],
        content(feature.properties as Record<string, string>),
      );
    };
  map.on(
    "click",
    "incidents",
    popup((of) => told(word("kind", of.kind ?? ""), cameraName(of.camera ?? ""), `#/incidents/${of.id}`)),
  );
  map.on(
    "click",
    "cameras",
    popup((of) => told(cameraName(of.id ?? ""), word("state", of.state ?? ""), `#/cameras?search=${of.id}`)),
  );
  for (const layer of ["clusters", "cameras", "incidents"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

/** Built of nodes and never of markup: names come from elsewhere. */
function told(title: string, text: string, href: string): Node {
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

function fit(map: MapLibre, cameras: readonly Camera[]): void {
  const [lons, lats] = [cameras.map((one) => one.longitude), cameras.map((one) => one.latitude)];
  map.fitBounds(
    [
      [Math.min(...lons), Math.min(...lats)],
      [Math.max(...lons), Math.max(...lats)],
    ],
    { padding: 40, animate: false },
  );
}

function setData(map: MapLibre, source: string, features: GeoJSON.Feature[]): void {
  (map.getSource(source) as GeoJSONSource).setData({ type: "FeatureCollection", features });
}

function point(
  at: { readonly latitude: number; readonly longitude: number },
  properties: GeoJSON.GeoJsonProperties,
): GeoJSON.Feature {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [at.longitude, at.latitude] },
    properties,
  };
}

function outline(area: AreaOutline): GeoJSON.Feature {
  const coordinates = area.rings.map((ring) => ring.map((position) => [...position]));
  return {
    type: "Feature",
    geometry: { type: "MultiLineString", coordinates },
    properties: { name: area.name },
  };
}

function numberImage(text: string): ImageData {
  const size = 48;
  const canvas = new OffscreenCanvas(size, size).getContext("2d") as OffscreenCanvasRenderingContext2D;
  canvas.font = "600 24px system-ui, sans-serif";
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  canvas.fillStyle = "#e6eef1";
  canvas.fillText(text, size / 2, size / 2);
  return canvas.getImageData(0, 0, size, size);
}
