/** What an action asks before it is done: a reason, units, a name, or nothing at all. */
import { useState } from "preact/hooks";
import { currentOf } from "../api/client.ts";
import type { Action, Incident, Reason } from "../api/types.ts";
import { type Key, named, t, word } from "../i18n/index.ts";
import { command, review } from "../state/incidents.ts";
import { units } from "../state/names.ts";
import { type Explained, explained, refuseChange, say } from "../state/notices.ts";
import { Dialog } from "./dialog.tsx";
import { Failure } from "./failure.tsx";

/** Done at a click. */
const AT_ONCE: readonly Action[] = ["acknowledge", "start", "confirm", "reopen"];
const NEEDS_REASON: readonly Action[] = ["dismiss", "reject"];
const REASONS: readonly Reason[] = ["false_alarm", "duplicate", "exercise", "planned_works", "other"];

export const isAtOnce = (action: Action) => AT_ONCE.includes(action);

export interface Wish {
  readonly text?: string;
  readonly reason?: Reason;
  readonly units?: readonly string[];
  readonly assignee?: string;
  readonly step?: string;
}

/** Do it, say so, and give the incident as it is now: changed by us, or by whoever was faster. */
export function perform(incident: Incident, action: Action, wish: Wish = {}): Promise<Incident | null> {
  return attempt(incident, action, wish).catch(refuseChange);
}

async function attempt(incident: Incident, action: Action, wish: Wish): Promise<Incident> {
  const changed = await send(incident, action, wish);
  say("done", t(action === "acknowledge" ? "done.acknowledge" : "done.other"));
  return changed;
}

function send(incident: Incident, action: Action, wish: Wish): Promise<Incident> {
  const { text = "", reason = null } = wish;
  if (action === "confirm" || action === "reject")
    return review(incident, { confirmed: action === "confirm", text, reason });
  const { units: to = [], assignee = "", step = "" } = wish;
  const asked = { action: action as never, text, reason, units: to, assignee, step };
  return action === "comment" ? comment(incident, asked) : command(incident, asked);
}

/** A comment belongs to whatever the incident has become meanwhile, and must not be lost. */
function comment(incident: Incident, asked: Parameters<typeof command>[1]): Promise<Incident> {
  return command(incident, asked).catch((error) => {
    const now = currentOf<Incident>(error);
    if (!now) throw error;
    return command(now, asked);
  });
}

interface ActionDialogProps {
  readonly incident: Incident;
  readonly action: Action;
  readonly onDone: (incident: Incident | null) => void;
}

export function ActionDialog({ incident, action, onDone }: ActionDialogProps) {
  const [busy, setBusy] = useState(false);
  const [failed, fail] = useState<Explained | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const wish = readWish(new FormData(event.currentTarget as HTMLFormElement));
    setBusy(true);
    try {
      onDone(await attempt(incident, action, wish));
    } catch (error) {
      if (currentOf(error)) onDone(refuseChange(error));
      else fail(explained(error));
    }
    setBusy(false);
  };
  return (
    <Dialog title={t(`action.${action}` as Key)} onClose={() => onDone(null)}>
      <form onSubmit={submit}>
        {failed && <Failure of={failed} />}
        {NEEDS_REASON.includes(action) && <ReasonField />}
        {action === "transfer" && <UnitsField told={incident.units.map((one) => one.unit)} />}
        {action === "assign" && (
          <label>
            {t("dialog.assignee")}
            <input name="assignee" required maxLength={200} autocomplete="off" />
          </label>
        )}
        <label>
          {t(action === "resolve" ? "dialog.resolve" : "dialog.text")}
          <textarea name="text" rows={3} maxLength={2000} />
        </label>
        <div class="buttons">
          <button type="button" class="quiet" onClick={() => onDone(null)}>
            {t("dialog.cancel")}
          </button>
          <button type="submit" class={NEEDS_REASON.includes(action) ? "danger" : "primary"} disabled={busy}>
            {t(`action.${action}` as Key)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function ReasonField() {
  return (
    <label>
      {t("dialog.reason")}
      <select name="reason" required>
        <option value="">{t("dialog.choose")}</option>
        {REASONS.map((one) => (
          <option key={one} value={one}>
            {word("reason", one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function UnitsField({ told }: { told: readonly string[] }) {
  return (
    <fieldset class="units">
      <legend>{t("dialog.units")}</legend>
      {[...units.value.values()].map((one) => (
        <label key={one.id} class="check">
          <input type="checkbox" name="units" value={one.id} />
          <span>
            {named(one)}
            {told.includes(one.id) && <small> · {t("incident.told")}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function readWish(form: FormData): Wish {
  const reason = form.get("reason");
  return {
    text: String(form.get("text") ?? ""),
    assignee: String(form.get("assignee") ?? ""),
    units: form.getAll("units").map(String),
    ...(reason ? { reason: reason as Reason } : {}),
  };
}
