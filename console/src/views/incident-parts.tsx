/** The parts of an incident's page that stand by themselves. */
import { useState } from "preact/hooks";
import type { Incident, Timeline, TimelineEvent } from "../api/types.ts";
import { because } from "../i18n/because.ts";
import { dayAndTime, named, t, time, word } from "../i18n/index.ts";
import { perform } from "../parts/command-dialogs.tsx";
import { saveFile } from "../parts/files.ts";
import { app } from "../state/app.ts";
import { unitName } from "../state/names.ts";
import { refuse } from "../state/notices.ts";

interface ChangingProps {
  readonly incident: Incident;
  readonly onChange: (incident: Incident | null) => void;
}

export function Told({ incident }: { incident: Incident }) {
  return (
    <section aria-labelledby="told">
      <h2 id="told">{t("incident.units")}</h2>
      {incident.units.length === 0 && <p>{t("incident.no_units")}</p>}
      <UnitsTold told={incident.units} />
    </section>
  );
}

/** Units by name, and why each was told. */
export function UnitsTold({ told }: { told: Incident["units"] }) {
  return (
    <ul class="units-told">
      {told.map((one) => (
        <li key={one.unit}>
          <strong>{unitName(one.unit)}</strong>
          <small>{because(one.because)}</small>
        </li>
      ))}
    </ul>
  );
}

export function Checklist({ incident, onChange }: ChangingProps) {
  const may = incident.actions.includes("check");
  if (incident.checklist.length === 0) return null;
  return (
    <section aria-labelledby="checklist">
      <h2 id="checklist">{t("incident.checklist")}</h2>
      <ol class="checklist">
        {incident.checklist.map((one) => (
          <li key={one.step}>
            <label class="check">
              <input
                type="checkbox"
                checked={one.by !== null}
                disabled={!may || one.by !== null}
                onChange={() => perform(incident, "check", { step: one.step }).then(onChange)}
              />
              <span>
                {named(one)}
                {one.by && one.at && (
                  <small>{t("incident.checked", { name: one.by, time: time(one.at) })}</small>
                )}
              </span>
            </label>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Comment({ incident, onChange }: ChangingProps) {
  const [text, write] = useState("");
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const now = await perform(incident, "comment", { text });
    if (now) write("");
    onChange(now);
  };
  return (
    <form class="comment" onSubmit={send}>
      <textarea
        name="comment"
        rows={2}
        required
        maxLength={2000}
        value={text}
        aria-label={t("incident.comment")}
        placeholder={t("incident.comment")}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <button type="submit">{t("incident.comment_send")}</button>
    </form>
  );
}

/** The newest first, as it is read while things go on. */
export function TimelineList({ events }: { events: readonly TimelineEvent[] }) {
  return (
    <ol class="timeline" reversed>
      {events.toReversed().map((one) => (
        <Event key={one.number} event={one} />
      ))}
    </ol>
  );
}

function Event({ event }: { event: TimelineEvent }) {
  return (
    <li class={event.type}>
      <time dateTime={event.at} title={dayAndTime(event.at)}>
        {time(event.at)}
      </time>
      <div>
        <strong>{word("event", event.type)}</strong> <span>{event.by ?? t("incident.camera_or_clock")}</span>
        {event.told && <span class="mark">{t("incident.told")}</span>}
        {event.text && <p>{event.text}</p>}
      </div>
    </li>
  );
}

/** What the page has as JSON, and the last alert that went out as the standards write it. */
export function Downloads({ incident, timeline }: { incident: Incident; timeline: Timeline | null }) {
  const told = timeline?.items.findLast((one) => one.told);
  const saveJson = () =>
    saveFile(`${incident.id}.json`, JSON.stringify({ incident, timeline: timeline?.items ?? [] }, null, 2));
  const saveAlert = async (form: string, name: string) => {
    try {
      saveFile(name, await app().api.text(`/incidents/${incident.id}/alerts/${told?.number}/${form}`));
    } catch (error) {
      refuse(error);
    }
  };
  return (
    <footer class="downloads">
      <span>
        {t("incident.downloads")}:
        <button type="button" class="quiet" onClick={saveJson}>
          JSON
        </button>
        {told && (
          <>
            <button type="button" class="quiet" onClick={() => saveAlert("cap", `${incident.id}.cap.xml`)}>
              CAP
            </button>
            <button type="button" class="quiet" onClick={() => saveAlert("ngsi-ld", `${incident.id}.jsonld`)}>
              NGSI-LD
            </button>
          </>
        )}
      </span>
      <code>{incident.id}</code>
    </footer>
  );
}
