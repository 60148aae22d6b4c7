/** What one shift leaves to the next, on paper. */
import { signal } from "@preact/signals";
import type { Incident } from "../api/types.ts";
import { figuresOf } from "../figures.ts";
import { dayAndTime, duration, percent, t, word } from "../i18n/index.ts";
import { areaOf, placeOf } from "../parts/incident-bits.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { app, nowMs } from "../state/app.ts";
import { urgent } from "../state/incidents.ts";
import { kindName } from "../state/names.ts";
import { useRecent } from "../state/recent.ts";

const SHIFTS = [8, 12, 24];
const hours = signal(8);

export default function ShiftPage() {
  const { data: recent, refused } = useRecent(hours.value);
  if (!recent) return <Waiting refused={refused} />;
  const from = nowMs.value - hours.value * 3_600_000;
  const ended = recent.filter((one) => one.ended_at && Date.parse(one.ended_at) >= from);
  const opened = figuresOf(recent.filter((one) => Date.parse(one.opened_at) >= from));
  return (
    <article class="shift">
      <div class="head">
        <h1>{t("shift.title")}</h1>
        <span class="count">
          {t("shift.period", { from: dayAndTime(from), to: dayAndTime(nowMs.value) })}
        </span>
        <span class="count">{t("shift.by", { name: app().session.name })}</span>
        <label class="choice no-print">
          <span>{t("shift.hours")}</span>
          <select value={hours.value} onChange={(event) => (hours.value = Number(event.currentTarget.value))}>
            {SHIFTS.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="primary no-print" onClick={() => print()}>
          {t("shift.print")}
        </button>
      </div>
      <p>
        {opened.opened} {t("figures.incidents")} · {t("figures.median_ack")}:{" "}
        {opened.medianAckSeconds === null ? "–" : duration(opened.medianAckSeconds)} · {t("figures.in_time")}:{" "}
        {opened.inTime === null ? "–" : percent(opened.inTime)} · {t("figures.false")}: {opened.falseAlarms}
      </p>
      <List title={t("shift.open")} incidents={urgent.value} />
      <List title={t("shift.ended")} incidents={ended} />
      <section class="panel">
        <h2>{t("shift.notes")}</h2>
        <textarea rows={4} aria-label={t("shift.notes")} />
      </section>
      <p class="signature">
        <span>{t("shift.handed")}</span>
        <span>{t("shift.taken")}</span>
      </p>
    </article>
  );
}

function List({ title, incidents }: { title: string; incidents: readonly Incident[] }) {
  return (
    <section class="panel scroll">
      <h2>
        {title} ({incidents.length})
      </h2>
      {incidents.length === 0 && <p>{t("figures.none")}</p>}
      <table hidden={incidents.length === 0}>
        <thead>
          <tr>
            <th scope="col">{t("table.opened")}</th>
            <th scope="col">{t("table.kind")}</th>
            <th scope="col">{t("table.place")}</th>
            <th scope="col">{t("table.status")}</th>
            <th scope="col">{t("table.by")}</th>
          </tr>
        </thead>
        <tbody>
          {incidents.map((one) => (
            <tr key={one.id}>
              <td>{dayAndTime(one.opened_at)}</td>
              <td>
                <a href={`#/incidents/${one.id}`}>{kindName(one.kind)}</a> ({word("severity", one.severity)})
              </td>
              <td>
                {placeOf(one)}, {areaOf(one)}
              </td>
              <td>
                {word("status", one.status)}
                {one.dismissed_because && `: ${word("reason", one.dismissed_because)}`}
              </td>
              <td>{one.assignee ?? one.acknowledged_by ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
