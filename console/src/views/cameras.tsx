/** All cameras with their state, those in trouble first. */

import type { Camera } from "../api/types.ts";
import { says } from "../filters.ts";
import { dayAndTime, t, word } from "../i18n/index.ts";
import { choose, query } from "../route.ts";
import { cameras, kindName } from "../state/names.ts";

const TROUBLE = ["silent", "frozen", "never_heard", "live"];

export default function CamerasPage() {
  const search = query.value.get("search") ?? "";
  const state = query.value.get("state");
  const all = [...cameras.value.values()];
  const shown = all
    .filter((one) => (!state || one.state === state) && says([one.id, one.name, one.area_name], search))
    .sort(byTrouble);
  return (
    <>
      <div class="head">
        <h1>{t("cameras.title")}</h1>
        <input
          type="search"
          value={search}
          placeholder={t("cameras.search")}
          aria-label={t("cameras.search")}
          onInput={(event) => choose("search", event.currentTarget.value)}
        />
        {TROUBLE.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={state === one}
            onClick={() => choose("state", state === one ? "" : one)}
          >
            <span class={`state ${one}`}>{word("state", one)}</span>
            <b>{all.filter((camera) => camera.state === one).length}</b>
          </button>
        ))}
      </div>
      <div class="scroll">
        <table class="narrow">
          <thead>
            <tr>
              <th scope="col">{t("cameras.state")}</th>
              <th scope="col" class="desk">
                {t("table.id")}
              </th>
              <th scope="col">{t("cameras.name")}</th>
              <th scope="col" class="desk">
                {t("cameras.area")}
              </th>
              <th scope="col">{t("cameras.last")}</th>
              <th scope="col" class="desk">
                {t("cameras.looks_for")}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={one.id} camera={one} />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p class="notice">{t(all.length ? "cameras.none" : "app.starting")}</p>}
      </div>
    </>
  );
}

function Row({ camera }: { camera: Camera }) {
  return (
    <tr>
      <td>
        <span class={`state ${camera.state}`}>{word("state", camera.state)}</span>
      </td>
      <td class="desk">
        <code>{camera.id}</code>
      </td>
      <td>
        <a href={`#/cameras/${camera.id}`}>{camera.name}</a>
        {camera.position_is_made_up && <small> · {t("cameras.made_up")}</small>}
      </td>
      <td class="desk">
        <a href={`#/map?at=${camera.latitude},${camera.longitude}`}>{camera.area_name}</a>
      </td>
      <td>{camera.last_frame_at ? dayAndTime(camera.last_frame_at) : "–"}</td>
      <td class="desk">
        {camera.looks_for.map((one) => (one === "faces" ? t("looks.faces") : kindName(one))).join(", ")}
      </td>
    </tr>
  );
}

function byTrouble(one: Camera, other: Camera): number {
  return TROUBLE.indexOf(one.state) - TROUBLE.indexOf(other.state) || one.id.localeCompare(other.id);
}
