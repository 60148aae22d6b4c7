/** How the last day went: counts, times to acknowledge, false alarms. */
import type { Incident } from "../api/types.ts";
import { byHour, counted, figuresOf, isFalse } from "../figures.ts";
import { duration, type Key, percent, t, time, word } from "../i18n/index.ts";
import { cameraName, nowMs } from "../state/app.ts";
import { useRecent } from "../state/recent.ts";

const HOURS = 24;

export default function FiguresPage() {
  const recent = useRecent(HOURS).data;
  if (!recent) return <p class="notice">{t("app.starting")}</p>;
  const from = nowMs.value - HOURS * 3_600_000;
  const opened = recent.filter((one) => Date.parse(one.opened_at) >= from);
  const falseAlarms = counted(opened.filter(isFalse), (one) => one.camera_ids[0] ?? "");
  return (
    <>
      <div class="head">
        <h1>{t("figures.title")}</h1>
        <span class="count">{t("figures.last")}</span>
      </div>
      <Tiles incidents={opened} />
      <div class="columns">
        <Bars
          title="figures.by_kind"
          rows={counted(opened, (one) => one.kind).map(([kind, n]) => [word("kind", kind), n, String(n)])}
        />
        <Bars title="figures.ack_by_kind" rows={ackByKind(opened)} />
        <Bars
          title="figures.false_by_camera"
          rows={falseAlarms.map(([id, n]) => [cameraName(id), n, String(n)])}
        />
      </div>
      <Hours counts={byHour(opened, nowMs.peek(), HOURS)} />
    </>
  );
}

function Tiles({ incidents }: { incidents: readonly Incident[] }) {
  const all = figuresOf(incidents);
  const tiles: [string, Key][] = [
    [String(all.opened), "figures.incidents"],
    [all.medianAckSeconds === null ? "–" : duration(all.medianAckSeconds), "figures.median_ack"],
    [all.inTime === null ? "–" : percent(all.inTime), "figures.in_time"],
    [String(all.falseAlarms), "figures.false"],
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

function ackByKind(incidents: readonly Incident[]): Bar[] {
  return counted(incidents, (one) => one.kind).flatMap(([kind]) => {
    const found = figuresOf(incidents.filter((one) => one.kind === kind)).medianAckSeconds;
    return found === null ? [] : [[word("kind", kind), found, duration(found)] as const];
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
      <svg class="hours" viewBox="0 0 480 120" role="img" aria-label={said}>
        {counts.map((n, at) => (
          <g key={hour(at)}>
            <rect x={at * 20 + 2} y={100 - (n / most) * 92} width="16" height={(n / most) * 92} rx="2" />
            {n > 0 && (
              <text x={at * 20 + 10} y={96 - (n / most) * 92} text-anchor="middle">
                {n}
              </text>
            )}
            <text x={at * 20 + 10} y="114" text-anchor="middle">
              {hour(at)}
            </text>
          </g>
        ))}
      </svg>
    </section>
  );
}
