/** The city on MapLibre, over the ground that a style brings; cameras in clusters, incidents above them.
 *
 * Numbers in clusters are drawn here, because text in MapLibre needs glyphs that not every ground brings.
 */
import type { GeoJSONSource, Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import type { AreaOutline, Camera } from "../api/types.ts";
import {
  aboutCamera,
  aboutIncident,
  BORDER,
  type CityMap,
  CLUSTER,
  CLUSTER_PX,
  CLUSTERED_TO_ZOOM,
  NEAR_ZOOM,
  placed,
  readOutlines,
  SEVERITY_COLOURS,
  STATE_COLOURS,
} from "./city-map.ts";

const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

export async function drawTiledMap(place: HTMLElement, tiles: string): Promise<CityMap> {
  const [{ Map: Drawn, NavigationControl, Popup, setWorkerUrl }, { default: worker }] = await Promise.all([
    import("maplibre-gl"),
    import("maplibre-gl/dist/maplibre-gl-worker.mjs?url"),
    import("maplibre-gl/dist/maplibre-gl.css"),
  ]);
  setWorkerUrl(worker);
  const map = new Drawn({
    container: place,
    style: tiles,
    center: [108.05, 12.68],
    zoom: 11,
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
      setData(
        map,
        "incidents",
        placed(incidents).map((one) =>
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
    clusterRadius: CLUSTER_PX,
  });
  map.addSource("incidents", { type: "geojson", data: EMPTY });
  map.addLayer({
    id: "areas",
    type: "line",
    source: "areas",
    paint: { "line-color": BORDER, "line-width": 1 },
  });
  addCameraLayers(map);
  addIncidentLayers(map);
}

function addCameraLayers(map: MapLibre): void {
  map.addLayer({
    id: "clusters",
    type: "circle",
    source: "cameras",
    filter: ["has", "point_count"],
    paint: {
      "circle-color": CLUSTER.fill,
      "circle-stroke-color": CLUSTER.line,
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
      "circle-color": matched("state", STATE_COLOURS),
      "circle-radius": 5,
      "circle-stroke-color": "#0a1116",
      "circle-stroke-width": 1,
    },
  });
}

function addIncidentLayers(map: MapLibre): void {
  map.addLayer({
    id: "halo",
    type: "circle",
    source: "incidents",
    filter: ["get", "waiting"],
    paint: {
      "circle-color": matched("severity", SEVERITY_COLOURS),
      "circle-radius": 20,
      "circle-opacity": 0.25,
    },
  });
  map.addLayer({
    id: "incidents",
    type: "circle",
    source: "incidents",
    paint: {
      "circle-color": matched("severity", SEVERITY_COLOURS),
      "circle-radius": 9,
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 2,
    },
  });
}

async function drawAreas(map: MapLibre): Promise<void> {
  const outlines = await readOutlines();
  if (map.getSource("areas")) setData(map, "areas", outlines.map(outline));
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
    popup((of) => aboutIncident(of.id ?? "", of.kind ?? "", of.camera ?? "")),
  );
  map.on(
    "click",
    "cameras",
    popup((of) => aboutCamera(of.id ?? "", of.state ?? "")),
  );
  for (const layer of ["clusters", "cameras", "incidents"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
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

/** An expression for a colour by a property; the last colour is for what isn't among the others. */
function matched(property: string, colours: Readonly<Record<string, string>>): never {
  const [fallback = ""] = Object.values(colours).slice(-1);
  return ["match", ["get", property], ...Object.entries(colours).flat(), fallback] as never;
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
  canvas.fillStyle = CLUSTER.text;
  canvas.fillText(text, size / 2, size / 2);
  return canvas.getImageData(0, 0, size, size);
}
