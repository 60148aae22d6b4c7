/** The live board: what is going on, the most urgent first, with the time that is left. */
import { useEffect } from "preact/hooks";
import type { Incident } from "../api/types.ts";
import { fits } from "../filters.ts";
import { t } from "../i18n/index.ts";
import { perform } from "../parts/command-dialogs.tsx";
import { ageOf, areaOf, Countdown, Marks, placeOf, Severity, Status } from "../parts/incident-bits.tsx";
import { query } from "../route.ts";
import { may, me, nowMs } from "../state/app.ts";
import { heardAt, live, urgent, waiting } from "../state/incidents.ts";
import { bindKeys } from "../state/keys.ts";
import { kindName, unitName } from "../state/names.ts";
import { leftSeconds } from "../urgency.ts";
import { FilterBar } from "./filter-bar.tsx";

export function Board() {
  useEffect(() => bindKeys({ j: () => step(1), k: () => step(-1), a: acknowledgeChosen }), []);
  if (!may("incident.read")) return <p class="notice">{t("board.none_allowed")}</p>;
  const shown = urgent.value.filter((one) => fits(one, query.value, wordsOf(one)));
  return (
    <div class="board">
      <h1 class="unseen">{t("board.title")}</h1>
      <Counts />
      <FilterBar />
      {shown.length === 0 && heardAt.value && (
        <p class="notice">{t(live.value.length ? "board.empty_filtered" : "board.empty")}</p>
      )}
      <ol class="rows">
        {shown.map((one) => (
          <Row key={one.id} incident={one} />
        ))}
      </ol>
    </div>
  );
}

function Counts() {
  const open = waiting.value.length;
  const late = waiting.value.filter((one) => (leftSeconds(one, nowMs.value) ?? 0) < 0).length;
  return (
    <ul class="counts">
      <li class={open ? "waiting" : ""}>
        <b>{open}</b> {t("board.waiting")}
      </li>
      <li class={late ? "late" : ""}>
        <b>{late}</b> {t("board.late")}
      </li>
      <li>
        <b>{live.value.length - open}</b> {t("board.taken")}
      </li>
    </ul>
  );
}

function Row({ incident }: { incident: Incident }) {
  const mine = incident.actions.includes("acknowledge");
  return (
    <li class={`row ${incident.severity} ${incident.status}`} data-id={incident.id}>
      <Countdown incident={incident} />
      <div class="what">
        <a href={`#/incidents/${incident.id}`}>
          <span class="kind">{kindName(incident.kind)}</span>
          <span class="place">{placeOf(incident)}</span>
        </a>
        <p class="meta">
          <Severity of={incident.severity} />
          <span>{areaOf(incident)}</span>
          <span>{t("incident.ago", { age: ageOf(incident) })}</span>
          <Marks incident={incident} />
        </p>
      </div>
      <div class="who">
        <Status of={incident.status} />
        <span class="told">{incident.assignee ?? incident.acknowledged_by ?? toldUnits(incident)}</span>
      </div>
      <div class="do">
        {mine && (
          <button type="button" class="primary" onClick={() => perform(incident, "acknowledge")}>
            {t("action.acknowledge")}
          </button>
        )}
        {incident.actions.includes("confirm") && (
          <a class="button" href={`#/candidates?id=${incident.id}`}>
            {t("nav.candidates")}
          </a>
        )}
      </div>
    </li>
  );
}

/** The units that have to act, without the operations centre, which hears of everything. */
function toldUnits(incident: Incident): string {
  const ids = incident.units.map((one) => one.unit).filter((one) => one !== "ioc" || me.value === null);
  return ids.map(unitName).join(" · ");
}

/** What a person could look for it by. */
function wordsOf(incident: Incident): readonly string[] {
  return [incident.id, placeOf(incident), areaOf(incident), kindName(incident.kind), ...incident.camera_ids];
}

function step(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>(".row .what a")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

function acknowledgeChosen(): void {
  const id = document.activeElement?.closest<HTMLElement>(".row")?.dataset.id;
  const chosen = live.value.find((one) => one.id === id);
  if (chosen?.actions.includes("acknowledge")) void perform(chosen, "acknowledge");
}
