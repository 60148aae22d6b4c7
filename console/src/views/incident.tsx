/** One incident: what it is, who has it and why, what is to be done, and everything that was done. */
import { useEffect, useState } from "preact/hooks";
import type { Action, Incident, Timeline, TimelineEvent } from "../api/types.ts";
import { dayAndTime, type Key, t, word } from "../i18n/index.ts";
import { ActionDialog, isAtOnce, perform } from "../parts/command-dialogs.tsx";
import { areaOf, Countdown, Marks, placeOf, Severity, Status } from "../parts/incident-bits.tsx";
import { may, me } from "../state/app.ts";
import { POLL_MS } from "../state/incidents.ts";
import { bindKeys } from "../state/keys.ts";
import { cameraName, kindName } from "../state/names.ts";
import { usePolled } from "../state/polled.ts";
import { EvidenceSection } from "./evidence.tsx";
import { Checklist, Comment, Downloads, TimelineList, Told } from "./incident-parts.tsx";

const SHOWN: readonly Action[] = [
  "acknowledge",
  "start",
  "transfer",
  "assign",
  "resolve",
  "dismiss",
  "reopen",
];
const NEXT: readonly Action[] = ["acknowledge", "start", "resolve", "reopen"];
const KEYS: Readonly<Partial<Record<Action, string>>> = {
  acknowledge: "a",
  start: "s",
  transfer: "t",
  resolve: "r",
  dismiss: "d",
};

export function IncidentPage({ id }: { id: string }) {
  const incident = usePolled<Incident>(`/incidents/${id}`, POLL_MS);
  const timeline = usePolled<Timeline>(`/incidents/${id}/timeline`, POLL_MS);
  if (incident.refused) return <p class="notice">{t("incident.missing")}</p>;
  if (!incident.data) return <p class="notice">{t("app.starting")}</p>;
  return <Details incident={incident.data} timeline={timeline.data} onChange={incident.set} />;
}

interface DetailsProps {
  readonly incident: Incident;
  readonly timeline: Timeline | null;
  readonly onChange: (incident: Incident) => void;
}

function Details({ incident, timeline, onChange }: DetailsProps) {
  const changed = (now: Incident | null) => now && onChange(now);
  return (
    <article class={`incident ${incident.severity}`}>
      <a class="back" href="#/">
        ← {t("incident.back")}
      </a>
      <header class={`row ${incident.severity} ${incident.status}`}>
        <Countdown incident={incident} />
        <div class="what">
          <h1>
            <span class="kind">{kindName(incident.kind)}</span>
            <span class="place">{placeOf(incident)}</span>
          </h1>
          <p class="meta">
            <Severity of={incident.severity} />
            <Status of={incident.status} />
            <span>{areaOf(incident)}</span>
            <Marks incident={incident} />
          </p>
        </div>
        <Commands incident={incident} onChange={changed} />
      </header>
      {may("evidence.view") && <EvidenceSection key={incident.status} incident={incident} />}
      <div class="columns">
        <div>
          <Facts incident={incident} />
          <Told incident={incident} />
        </div>
        <Checklist incident={incident} onChange={changed} />
        <section aria-labelledby="timeline">
          <h2 id="timeline">{t("incident.timeline")}</h2>
          {incident.actions.includes("comment") && <Comment incident={incident} onChange={changed} />}
          {timeline && <TimelineList events={shownEvents(incident, timeline)} />}
        </section>
      </div>
      <Downloads incident={incident} timeline={timeline} />
    </article>
  );
}

/** Whoever may still judge a candidate must not see how others did. */
function shownEvents(incident: Incident, { items }: Timeline): readonly TimelineEvent[] {
  const isBlind = incident.status === "awaiting_confirmation";
  return isBlind ? items.filter((one) => one.type !== "reviewed" || one.by === me.value?.subject) : items;
}

interface CommandsProps {
  readonly incident: Incident;
  readonly onChange: (incident: Incident | null) => void;
}

function Commands({ incident, onChange }: CommandsProps) {
  const [asking, ask] = useState<Action | null>(null);
  const begin = (action: Action) =>
    isAtOnce(action) ? perform(incident, action).then(onChange) : ask(action);
  const possible = SHOWN.filter((one) => incident.actions.includes(one));
  useEffect(() => {
    const keyed = possible
      .filter((one) => KEYS[one])
      .map((one) => [KEYS[one] as string, () => void begin(one)]);
    const comment = () => document.querySelector<HTMLElement>("textarea[name=comment]")?.focus();
    return bindKeys({ ...Object.fromEntries(keyed), c: comment });
  }, [incident]);
  const done = (now: Incident | null) => {
    ask(null);
    onChange(now);
  };
  return (
    <div class="do">
      {possible.map((one) => (
        <button
          key={one}
          type="button"
          class={look(one, possible)}
          onClick={() => begin(one)}
          aria-keyshortcuts={KEYS[one]}
        >
          {t(`action.${one}` as Key)}
          {KEYS[one] && (
            <span class="key" aria-hidden="true">
              {KEYS[one]}
            </span>
          )}
        </button>
      ))}
      {incident.actions.includes("confirm") && (
        <a class="button" href={`#/candidates?id=${incident.id}`}>
          {t("nav.candidates")}
        </a>
      )}
      {asking && <ActionDialog incident={incident} action={asking} onDone={done} />}
    </div>
  );
}

/** The next step of the life cycle stands out, and what ends it without one is marked. */
function look(action: Action, possible: readonly Action[]): string {
  if (action === "dismiss") return "danger";
  const next = NEXT.find((one) => possible.includes(one));
  return action === next ? "primary" : "";
}

function Facts({ incident }: { incident: Incident }) {
  const { acknowledged_by: by, acknowledged_at: at, assignee, dismissed_because: because } = incident;
  return (
    <section aria-labelledby="who">
      <h2 id="who">{t("incident.who")}</h2>
      <p class="holder">
        {by && at ? t("incident.acknowledged", { name: by, time: dayAndTime(at) }) : t("incident.nobody")}
        {assignee && <> · {t("incident.assignee", { name: assignee })}</>}
        {because && <> · {t("incident.dismissed_because", { reason: word("reason", because) })}</>}
        {may("evidence.hold") && (
          <>
            {" "}
            · <a href={`#/personal?subject=incident/${incident.id}`}>{t("hold.place")}</a>
          </>
        )}
      </p>
      <dl class="facts">
        <div>
          <dt>{t("incident.opened")}</dt>
          <dd>{dayAndTime(incident.opened_at)}</dd>
        </div>
        <div>
          <dt>{t("incident.last_seen")}</dt>
          <dd>{dayAndTime(incident.last_seen_at)}</dd>
        </div>
        {incident.ended_at && (
          <div>
            <dt>{t("incident.ended")}</dt>
            <dd>{dayAndTime(incident.ended_at)}</dd>
          </div>
        )}
        <div>
          <dt>{t("cameras.title")}</dt>
          <dd>
            {incident.camera_ids.map((id) => (
              <a key={id} class="camera" href={`#/cameras?search=${id}`}>
                {cameraName(id)}
              </a>
            ))}
          </dd>
        </div>
        <div>
          <dt>{t("incident.place")}</dt>
          <dd>
            <a href={`#/map?at=${incident.place.latitude},${incident.place.longitude}`}>
              {incident.place.latitude.toFixed(5)}, {incident.place.longitude.toFixed(5)}
            </a>
          </dd>
        </div>
      </dl>
    </section>
  );
}
