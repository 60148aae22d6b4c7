/** What people ask about their own data: taken in, found, given, erased, answered by the day the law says. */
import { useState } from "preact/hooks";
import type { Findings, SubjectRequest } from "../api/types.ts";
import { fromCityTime } from "../city-time.ts";
import { dayAndTime, duration, t, word } from "../i18n/index.ts";
import { saveFile } from "../parts/files.ts";
import { PurposeDialog } from "../parts/purpose-dialog.tsx";
import { Field, RequestForm, TextField } from "../parts/request-form.tsx";
import { app, nowMs } from "../state/app.ts";
import { cameras } from "../state/names.ts";
import { refuse, say } from "../state/notices.ts";
import { usePolled } from "../state/polled.ts";
import { Moment } from "./law-forms.tsx";

const EVERY_MS = 15_000;
const ACTIONS = ["find", "export", "erase"];

export function SubjectRequests() {
  const read = () => app().api.all<SubjectRequest>("/subject-requests");
  const requests = usePolled<SubjectRequest[]>("subject-requests", EVERY_MS, read);
  const [asking, ask] = useState(false);
  const changed = (now: SubjectRequest) => {
    const others = (requests.data ?? []).filter((one) => one.id !== now.id);
    requests.set(now.state === "open" || now.state === "ordered" ? [...others, now] : others);
    say("done", t("done.other"));
    ask(false);
  };
  return (
    <section aria-labelledby="requests" class="panel">
      <h2 id="requests">{t("subject.title")}</h2>
      {requests.data?.length === 0 && <p>{t("subject.none")}</p>}
      {requests.data?.map((one) => (
        <RequestCard key={one.id} request={one} onChange={changed} />
      ))}
      {asking ? (
        <NewRequest onDone={changed} />
      ) : (
        <button type="button" onClick={() => ask(true)}>
          {t("subject.new")}
        </button>
      )}
    </section>
  );
}

function NewRequest({ onDone }: { onDone: (made: SubjectRequest) => void }) {
  return (
    <RequestForm path="/subject-requests" submit={t("subject.record")} wish={wishOf} onDone={onDone}>
      <p class="rule">{t("subject.rule")}</p>
      <Field name="action" label={t("subject.action")}>
        {(parts) => (
          <select {...parts} required>
            {ACTIONS.map((one) => (
              <option key={one} value={one}>
                {word("subject_action", one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField
        name="reference"
        label={t("subject.reference")}
        hint={t("subject.reference_hint")}
        most={64}
      />
      <Moment name="received_at" label={t("subject.received")} atMs={nowMs.peek()} />
      <Field name="incidents" label={t("subject.incidents")} hint={t("subject.numbers_hint")}>
        {(parts) => <input {...parts} autocomplete="off" />}
      </Field>
      <Field name="entries" label={t("subject.entries")} hint={t("subject.numbers_hint")}>
        {(parts) => <input {...parts} autocomplete="off" />}
      </Field>
      <Sighting />
      <TextField name="purpose" label={t("law.purpose")} hint={t("law.purpose_hint")} most={200} />
    </RequestForm>
  );
}

/** Where and when the person was, if that is how they can be found. */
function Sighting() {
  return (
    <div class="two">
      <Field name="camera" label={t("subject.camera")} hint={t("subject.camera_hint")}>
        {(parts) => (
          <select {...parts}>
            <option value="">–</option>
            {[...cameras.value.values()].map((one) => (
              <option key={one.id} value={one.id}>
                {one.name} ({one.id})
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="from" label={t("law.valid_from")}>
        {(parts) => <input {...parts} type="datetime-local" />}
      </Field>
      <Field name="until" label={t("law.valid_until")}>
        {(parts) => <input {...parts} type="datetime-local" />}
      </Field>
    </div>
  );
}

function wishOf(form: FormData): unknown {
  const said = (name: string) => String(form.get(name) ?? "");
  const seen = {
    camera_id: said("camera"),
    from: fromCityTime(said("from")),
    until: fromCityTime(said("until")),
  };
  return {
    action: said("action"),
    reference: said("reference"),
    received_at: fromCityTime(said("received_at")),
    incidents: numbersOf(said("incidents")),
    entries: numbersOf(said("entries")),
    sightings: said("camera") ? [seen] : [],
    purpose: said("purpose"),
  };
}

function numbersOf(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

interface RequestCardProps {
  readonly request: SubjectRequest;
  readonly onChange: (now: SubjectRequest) => void;
}

function RequestCard({ request, onChange }: RequestCardProps) {
  const [findings, show] = useState<Findings | null>(null);
  const path = `/subject-requests/${request.id}`;
  const find = () => app().api.get<Findings>(`${path}/findings`).then(show, refuse);
  const take = () =>
    app()
      .api.text(`${path}/export`)
      .then((text) => saveFile(`${request.id}.json`, text), refuse);
  const left = (Date.parse(request.due_at) - nowMs.value) / 1000;
  return (
    <article class="record">
      <h3>
        {word("subject_action", request.action)} · {request.reference}{" "}
        <span class="mark">{word("subject_state", request.state)}</span>{" "}
        <span class={left < 0 ? "mark level" : "mark"}>
          {left < 0 ? t("deadline.late") : t("subject.due", { left: duration(left) })}
        </span>
      </h3>
      <p>
        {request.purpose} ·{" "}
        {t("subject.recorded", { name: request.recorded_by, time: dayAndTime(request.recorded_at) })}
      </p>
      <div class="do">
        <button type="button" onClick={find}>
          {t("subject.find")}
        </button>
        {request.action === "export" && (
          <button type="button" onClick={take}>
            {t("subject.export")}
          </button>
        )}
        {request.state === "open" && <Answers request={request} onChange={onChange} />}
      </div>
      {findings && <Found findings={findings} />}
    </article>
  );
}

/** The answer that closes a request, or orders the erasure, or refuses it with the reason. */
function Answers({ request, onChange }: RequestCardProps) {
  const [answering, answer] = useState<"given" | "refused" | null>(null);
  const given = t(request.action === "erase" ? "subject.order" : "subject.answer");
  const isRefused = answering === "refused";
  const close = async (purpose: string, form: FormData) => {
    const said = { version: request.version, refused: isRefused, text: String(form.get("text")), purpose };
    onChange(await app().api.post<SubjectRequest>(`/subject-requests/${request.id}/answers`, said));
  };
  return (
    <>
      <button type="button" class="danger" onClick={() => answer("refused")}>
        {t("act.refuse")}
      </button>
      <button type="button" class="primary" onClick={() => answer("given")}>
        {given}
      </button>
      {answering && (
        <PurposeDialog
          title={isRefused ? t("act.refuse") : given}
          danger={isRefused || request.action === "erase"}
          onPurpose={close}
          onClose={() => answer(null)}
        >
          <label>
            {t("subject.text")}
            <textarea name="text" rows={3} maxLength={2000} required={isRefused} />
          </label>
        </PurposeDialog>
      )}
    </>
  );
}

function Found({ findings }: { findings: Findings }) {
  if (findings.items.length === 0) return <p>{t("subject.nothing")}</p>;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t("subject.what")}</th>
            <th scope="col">{t("audit.subject")}</th>
            <th scope="col">{t("subject.since")}</th>
            <th scope="col">{t("subject.until")}</th>
          </tr>
        </thead>
        <tbody>
          {findings.items.map((one) => (
            <tr key={`${one.subject}/${one.what}`}>
              <td>
                {word("thing", one.what)} ×{one.count}
              </td>
              <td>
                <code>{one.subject}</code> {one.held && <span class="mark level">{t("hold.held")}</span>}
              </td>
              <td>{dayAndTime(one.since)}</td>
              <td>{one.kept_until ? dayAndTime(one.kept_until) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
