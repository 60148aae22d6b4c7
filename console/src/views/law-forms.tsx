/** Asking for an entry of a list, or for leave to look for faces: nothing is in force before somebody else approved. */
import { useState } from "preact/hooks";
import type { Authorisation, Category, Entry } from "../api/types.ts";
import { asCityTime, fromCityTime } from "../city-time.ts";
import { named, t } from "../i18n/index.ts";
import { CameraPicker } from "../parts/camera-picker.tsx";
import { Field, RequestForm, TextField } from "../parts/request-form.tsx";
import { UnitField } from "../parts/units-field.tsx";
import { go } from "../route.ts";
import { nowMs } from "../state/app.ts";
import { lists } from "../state/names.ts";
import { say } from "../state/notices.ts";

const HOUR_MS = 3_600_000;

export function EntryForm() {
  const [category, choose] = useState("");
  const list = lists.value.get(category) ?? [...lists.value.values()][0];
  const done = (_: Entry) => {
    say("done", t("law.requested_done"), t("law.requested_photo"));
    go("#/law");
  };
  return (
    <RequestForm path="/watchlist/entries" submit={t("act.request")} wish={entryWish} onDone={done}>
      <h1>{t("law.new_entry")}</h1>
      <p class="rule">{t("law.entry_rule")}</p>
      <Field name="category" label={t("law.list")} hint={list ? policyOf(list) : ""}>
        {(parts) => (
          <select
            {...parts}
            required
            value={list?.id}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            {[...lists.value.values()].map((one) => (
              <option key={one.id} value={one.id}>
                {named(one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField name="nominal" label={t("law.nominal")} hint={t("law.nominal_hint")} most={64} />
      <TextField name="reason" label={t("law.reason")} most={500} />
      <TextField name="legal_basis" label={t("law.basis")} hint={t("law.basis_hint")} most={200} />
      <UnitField />
      <Field name="hours" label={t("law.hours")} hint={t("law.hours_hint", { n: list?.default_hours ?? "" })}>
        {(parts) => <input {...parts} type="number" min={1} max={list?.most_hours} />}
      </Field>
      <Field name="under_18" label={t("law.age")} hint={list?.minors_allowed ? "" : t("law.age_hint")}>
        {(parts) => (
          <select {...parts} required>
            <option value="">{t("dialog.choose")}</option>
            <option value="no">{t("law.adult")}</option>
            <option value="yes">{t("law.under_18")}</option>
          </select>
        )}
      </Field>
      <TextField name="purpose" label={t("law.purpose")} hint={t("law.purpose_hint")} most={200} />
    </RequestForm>
  );
}

/** What the city's rules for a list allow. */
function policyOf(list: Category): string {
  const { confirmations, most_hours, minors_allowed } = list;
  const minors = t(minors_allowed ? "law.minors_allowed" : "law.no_minors");
  return t("law.list_hint", { confirmations, hours: most_hours, minors });
}

function entryWish(form: FormData): unknown {
  const { hours, under_18, ...said } = Object.fromEntries(form);
  return { ...said, hours: hours ? Number(hours) : null, under_18: under_18 === "yes" };
}

export function AuthorisationForm() {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const done = (_: Authorisation) => {
    say("done", t("law.requested_done"));
    go("#/law");
  };
  return (
    <RequestForm
      path="/authorisations"
      submit={t("act.request")}
      wish={(form) => authorisationWish(form, chosen)}
      onDone={done}
    >
      <h1>{t("law.new_authorisation")}</h1>
      <p class="rule">{t("law.authorisation_rule")}</p>
      <TextField name="purpose" label={t("law.purpose")} hint={t("law.purpose_hint")} most={200} />
      <TextField name="legal_basis" label={t("law.basis")} hint={t("law.basis_hint")} most={200} />
      <UnitField />
      <fieldset class="kinds">
        <legend>{t("law.lists_searched")}</legend>
        {[...lists.value.values()].map((one) => (
          <label key={one.id} class="check">
            <input type="checkbox" name="lists" value={one.id} />
            <span>{named(one)}</span>
          </label>
        ))}
      </fieldset>
      <CameraPicker chosen={chosen} onChoose={choose} />
      <div class="two">
        <Moment name="valid_from" label={t("law.valid_from")} atMs={nowMs.peek()} />
        <Moment
          name="valid_until"
          label={t("law.valid_until")}
          hint={t("law.window_hint")}
          atMs={nowMs.peek() + 8 * HOUR_MS}
        />
      </div>
      <label class="check">
        <input type="checkbox" name="emergency" value="yes" />
        <span>
          {t("law.emergency")} <small>{t("law.emergency_hint")}</small>
        </span>
      </label>
    </RequestForm>
  );
}

function authorisationWish(form: FormData, cameras: ReadonlySet<string>): unknown {
  const said = (name: string) => String(form.get(name));
  return {
    purpose: said("purpose"),
    legal_basis: said("legal_basis"),
    requesting_unit: said("requesting_unit"),
    camera_ids: [...cameras],
    lists: form.getAll("lists"),
    valid_from: fromCityTime(said("valid_from")),
    valid_until: fromCityTime(said("valid_until")),
    emergency: form.has("emergency"),
  };
}

interface MomentProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly atMs: number;
}

/** A moment on the city's clock, wherever the browser stands. */
export function Moment({ atMs, ...field }: MomentProps) {
  return (
    <Field {...field}>
      {(parts) => <input {...parts} type="datetime-local" required defaultValue={asCityTime(atMs)} />}
    </Field>
  );
}
