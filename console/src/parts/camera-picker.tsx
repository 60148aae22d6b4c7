/** Cameras, chosen from a list or on the map. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { says } from "../filters.ts";
import { t } from "../i18n/index.ts";
import { drawPlainMap, type PlainMap } from "../map/plain-map.ts";
import { cameras } from "../state/names.ts";

interface CameraPickerProps {
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function CameraPicker({ chosen, onChoose }: CameraPickerProps) {
  const [search, setSearch] = useState("");
  const shown = useMemo(
    () => [...cameras.value.values()].filter((one) => looksForFaces(one.looks_for)),
    [cameras.value],
  );
  const found = shown.filter((one) => says([one.id, one.name, one.area_name], search));
  return (
    <fieldset class="picker">
      <legend>{t("law.cameras_chosen", { n: chosen.size })}</legend>
      <div>
        <input
          type="search"
          value={search}
          placeholder={t("cameras.search")}
          aria-label={t("cameras.search")}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <ul>
          {found.map((one) => (
            <li key={one.id}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={chosen.has(one.id)}
                  onChange={() => onChoose(toggled(chosen, one.id))}
                />
                <span>
                  {one.name} <small>{one.area_name}</small>
                </span>
              </label>
            </li>
          ))}
        </ul>
        <small>{t("law.cameras_hint")}</small>
      </div>
      <PickerMap chosen={chosen} onChoose={onChoose} />
    </fieldset>
  );
}

function PickerMap({ chosen, onChoose }: CameraPickerProps) {
  const place = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<PlainMap | null>(null);
  const choose = useRef((_: string) => {});
  choose.current = (id) => onChoose(toggled(chosen, id));
  useEffect(() => {
    const drawn = drawPlainMap(place.current as HTMLElement, { onCamera: (one) => choose.current(one.id) });
    setMap(drawn);
    return () => drawn.remove();
  }, []);
  useEffect(() => {
    map?.showCameras([...cameras.value.values()].filter((one) => looksForFaces(one.looks_for)));
  }, [map, cameras.value]);
  useEffect(() => map?.choose(chosen), [map, chosen]);
  return (
    <div class="map">
      <div class="canvas" ref={place} />
    </div>
  );
}

function looksForFaces(kinds: readonly string[]): boolean {
  return kinds.includes("faces");
}

function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const now = new Set(chosen);
  if (!now.delete(id)) now.add(id);
  return now;
}
