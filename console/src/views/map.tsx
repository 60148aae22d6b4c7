/** Where cameras stand and incidents are. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t, word } from "../i18n/index.ts";
import { type CityMap, drawMap } from "../map/city-map.ts";
import { query } from "../route.ts";
import { app } from "../state/app.ts";
import { live } from "../state/incidents.ts";
import { cameras } from "../state/names.ts";

const STATES = ["live", "frozen", "silent", "never_heard"];

export default function MapPage() {
  const place = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CityMap | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    let drawn: CityMap | null = null;
    drawMap(place.current as HTMLElement, app().config.tiles).then(
      (made) => {
        drawn = made;
        if (gone) made.remove();
        else setMap(made);
      },
      (error) => {
        console.warn(error);
        setFailed(true);
      },
    );
    return () => {
      gone = true;
      drawn?.remove();
    };
  }, []);
  useEffect(() => map?.showCameras([...cameras.value.values()]), [map, cameras.value]);
  useEffect(() => map?.showIncidents(live.value), [map, live.value]);
  const at = query.value.get("at");
  useEffect(() => {
    const [latitude, longitude] = (at ?? "").split(",").map(Number);
    if (latitude && longitude) map?.lookAt(latitude, longitude);
  }, [map, at]);
  return (
    <>
      <div class="head">
        <h1>{t("map.title")}</h1>
        <p class="legend">
          <span class="state incident">{t("map.incidents")}</span>
          {STATES.map((one) => (
            <span key={one} class={`state ${one}`}>
              {word("state", one)}
            </span>
          ))}
        </p>
      </div>
      {failed && <p role="alert">{t("map.failed")}</p>}
      <div class="map">
        <div class="canvas" ref={place} />
      </div>
    </>
  );
}
