/** How the last day went: counts, times to acknowledge, false alarms. */
import type { Incident, Statistics } from "../api/types.ts";
import { byHour, counted, figuresOf } from "../figures.ts";
import { duration, type Key, t, time } from "../i18n/index.ts";
import { Waiting } from "../parts/waiting.tsx";
import { nowMs } from "../state/app.ts";
import { cameraName, kindName } from "../state/names.ts";
import { useRecent, useStatistics } from "../state/recent.ts";

const HOURS = 24;

export default function FiguresPage() {
  const { data: recent, refused } = useRecent(HOURS);
  const { data: stats, refused: notCounted } = useStatistics(HOURS);
  if (!recent || !stats) return <Waiting refused={refused ?? notCounted} />;
  const from = nowMs.value - HOURS * 3_600_000;
  const opened = recent.filter((one) => Date.parse(one.opened_at) >= from);
  const falseAlarms = stats.dismissed.filter((one) => one.reason === "false_alarm");
  return (
    <>
      <div class="head">
        <h1>{t("figures.title")}</h1>
        <span class="count">{t("figures.last")}</span>
      </div>
      <Tiles stats={stats} falseAlarms={falseAlarms.reduce((sum, one) => sum + one.incidents, 0)} />
      <div class="columns">
        <Bars title="figures.by_kind" rows={entriesOf(stats.by_kind, (kind) => kindName(kind))} />
        <Bars title="figures.ack_by_kind" rows={ackByKind(opened)} />
        <Bars
          title="figures.false_by_camera"
          rows={falseAlarms.map((one) => [cameraName(one.camera_id), one.incidents, String(one.incidents)])}
        />
        <Bars
          title="figures.blind"
          rows={Object.entries(stats.blind_minutes_by_area).map(([area, n]) => [
            area,
            n,
            t("figures.minutes", { n }),
          ])}
        />
      </div>
      <Hours counts={byHour(opened, nowMs.peek(), HOURS)} />
    </>
  );
}

function Tiles({ stats, falseAlarms }: { stats: Statistics; falseAlarms: number }) {
  const took = stats.to_acknowledge;
  const tiles: [string, Key][] = [
    [String(stats.incidents), "figures.incidents"],
    [took ? duration(took.median_s) : "–", "figures.median_ack"],
    [took ? duration(took.p90_s) : "–", "figures.p90_ack"],
    [String(stats.unanswered), "figures.unanswered"],
    [String(falseAlarms), "figures.false"],
  ];
  return (
    <ul class="tiles">
      {tiles.map(([value, key]) => (
        <li key={key} class="panel tile">
          <b>{value}</b>
          <span>{t(key)}</span>
        </li>
      ))}
    </ul>
  );
}

function entriesOf(counts: Readonly<Record<string, number>>, name: (id: string) => string): Bar[] {
  return Object.entries(counts).map(([id, n]) => [name(id), n, String(n)]);
}

function ackByKind(incidents: readonly Incident[]): Bar[] {
  return counted(incidents, (one) => one.kind).flatMap(([kind]) => {
    const found = figuresOf(incidents.filter((one) => one.kind === kind)).medianAckSeconds;
    return found === null ? [] : [[kindName(kind), found, duration(found)] as const];
  });
}

type Bar = readonly [label: string, value: number, said: string];

/** Bars that a screen reader reads as what they are and a printer prints. */
function Bars({ title, rows }: { title: Key; rows: readonly Bar[] }) {
  const most = Math.max(1, ...rows.map(([, value]) => value));
  return (
    <section aria-labelledby={title}>
      <h2 id={title}>{t(title)}</h2>
      {rows.length === 0 && <p>{t("figures.none")}</p>}
      <div class="bars">
        {rows.map(([label, value, said]) => (
          <div key={label}>
            <span>{label}</span>
            <meter min={0} max={most} value={value} aria-label={label}>
              {said}
            </meter>
            <b>{said}</b>
          </div>
        ))}
      </div>
    </section>
  );
}

function Hours({ counts }: { counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  const hour = (at: number) => time(nowMs.peek() - (counts.length - 1 - at) * 3_600_000).slice(0, 2);
  const said = counts.map((n, at) => `${hour(at)}: ${n}`).join(", ");
  return (
    <section class="panel" aria-labelledby="by-hour">
      <h2 id="by-hour">{t("figures.by_hour")}</h2>
      <div class="hours" role="img" aria-label={said}>
        {counts.map((n, at) => (
          <div key={hour(at)}>
            <b>{n || ""}</b>
            <i style={{ height: `${(n / most) * 8}rem` }} />
            <span>{hour(at)}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
