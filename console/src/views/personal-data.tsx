/** What the law gives people over their own data, and what a court may have kept: for who watches over it all. */
import { useState } from "preact/hooks";
import type { Hold } from "../api/types.ts";
import { dayAndTime, t } from "../i18n/index.ts";
import { PurposeDialog } from "../parts/purpose-dialog.tsx";
import { Field, RequestForm, TextField } from "../parts/request-form.tsx";
import { query } from "../route.ts";
import { app, may } from "../state/app.ts";
import { say } from "../state/notices.ts";
import { usePolled } from "../state/polled.ts";
import { SubjectRequests } from "./subject-requests.tsx";

const EVERY_MS = 15_000;

export default function PersonalDataPage() {
  return (
    <>
      <h1>{t("nav.personal")}</h1>
      <p class="rule">{t("personal.rule")}</p>
      {may("subject.request") && <SubjectRequests />}
      {may("evidence.hold") && <Holds />}
    </>
  );
}

function Holds() {
  const read = () => app().api.all<Hold>("/holds");
  const holds = usePolled<Hold[]>("holds", EVERY_MS, read);
  const placed = (hold: Hold) => {
    holds.set([...(holds.data ?? []), hold]);
    say("done", t("done.other"));
  };
  const lifted = (hold: Hold) => holds.set((holds.data ?? []).filter((one) => one.id !== hold.id));
  return (
    <section aria-labelledby="holds" class="panel">
      <h2 id="holds">{t("hold.title")}</h2>
      <p class="rule">{t("hold.rule")}</p>
      {holds.data?.length === 0 && <p>{t("hold.none")}</p>}
      {holds.data?.map((one) => (
        <HoldCard key={one.id} hold={one} onLifted={lifted} />
      ))}
      <RequestForm path="/holds" submit={t("hold.place")} wish={Object.fromEntries} onDone={placed}>
        <Field name="subject" label={t("hold.subject")} hint={t("hold.subject_hint")}>
          {(parts) => (
            <input
              {...parts}
              required
              pattern="(incident|entry)/[A-Za-z0-9\-]+"
              defaultValue={query.value.get("subject") ?? ""}
              autocomplete="off"
            />
          )}
        </Field>
        <TextField name="purpose" label={t("law.purpose")} hint={t("law.purpose_hint")} most={200} />
      </RequestForm>
    </section>
  );
}

function HoldCard({ hold, onLifted }: { hold: Hold; onLifted: (hold: Hold) => void }) {
  const [lifting, lift] = useState(false);
  const end = async (purpose: string) => {
    await app().api.post(`/holds/${hold.id}/lifts`, { version: hold.version, purpose });
    say("done", t("done.other"));
    onLifted(hold);
  };
  const [sort, id] = hold.subject.split("/");
  return (
    <article class="record">
      <h3>{sort === "incident" ? <a href={`#/incidents/${id}`}>{hold.subject}</a> : hold.subject}</h3>
      <p>
        {hold.purpose} · {t("hold.placed", { name: hold.placed_by, time: dayAndTime(hold.placed_at) })}
      </p>
      <div class="do">
        <button type="button" onClick={() => lift(true)}>
          {t("hold.lift")}
        </button>
      </div>
      {lifting && <PurposeDialog title={t("hold.lift")} danger onPurpose={end} onClose={() => lift(false)} />}
    </article>
  );
}
