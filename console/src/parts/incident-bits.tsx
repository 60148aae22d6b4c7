/** Small parts that the board and the incident's page share. */
import type { Incident } from "../api/types.ts";
import { duration, t, word } from "../i18n/index.ts";
import { nowMs } from "../state/app.ts";
import { cameraName, labelled } from "../state/names.ts";
import { asClock, isWaiting, leftSeconds } from "../urgency.ts";

const DEADLINES = {
  awaiting_confirmation: "deadline.review",
  open: "deadline.ack",
  acknowledged: "deadline.resolve",
  in_progress: "deadline.resolve",
} as const;
const HURRY_S = 60;

/** Time left, ticking. Not announced: a screen reader would talk for ever. */
export function Countdown({ incident }: { incident: Incident }) {
  const left = leftSeconds(incident, nowMs.value);
  const what = DEADLINES[incident.status as keyof typeof DEADLINES];
  if (left === null || !what) return <span class="countdown none">–</span>;
  const pace = left < 0 ? "late" : left < HURRY_S && isWaiting(incident) ? "hurry" : "";
  return (
    <span class={`countdown ${pace}`}>
      <b>{asClock(left)}</b>
      <small>{left < 0 ? t("deadline.late") : t(what)}</small>
    </span>
  );
}

export function Severity({ of }: { of: string }) {
  return <span class={`severity ${of}`}>{word("severity", of)}</span>;
}

export function Status({ of }: { of: string }) {
  return <span class={`status ${of}`}>{word("status", of)}</span>;
}

/** Where it is in as many words as a person would use. */
export function placeOf(incident: Incident): string {
  const [first] = incident.camera_ids;
  if (!first || incident.place.area_id === "*") return t("incident.whole_city");
  return cameraName(first);
}

export function areaOf(incident: Incident): string {
  return incident.place.area_id === "*" ? t("incident.whole_city") : incident.place.area_name;
}

export function ageOf(incident: Incident): string {
  return duration((nowMs.value - Date.parse(incident.first_seen_at)) / 1000);
}

/** What sets it apart: exercise, escalation, a label, why to look twice, how many cameras or incidents. */
export function Marks({ incident }: { incident: Incident }) {
  const { exercise, escalation_level: level, label, doubts, hints, camera_ids, children } = incident;
  return (
    <>
      {exercise && <span class="mark exercise">{t("incident.exercise")}</span>}
      {level > 0 && <span class="mark level">{t("incident.level", { n: level })}</span>}
      {label && <span class="mark">{labelled(label)}</span>}
      {doubts.map((one) => (
        <span key={one} class="mark">
          {word("doubt", one)}
        </span>
      ))}
      {hints.map((one) => (
        <span key={one} class="mark">
          {word("hint", one)}
        </span>
      ))}
      {camera_ids.length > 1 && <span class="mark">{t("incident.cameras", { n: camera_ids.length })}</span>}
      {children.length > 0 && <span class="mark">{t("incident.children", { n: children.length })}</span>}
    </>
  );
}
