/** Who may be looked for and where: asked for by one, decided on by another. No photograph is ever shown here. */
import { useState } from "preact/hooks";
import type { Authorisation, Entry } from "../api/types.ts";
import { dayAndTime, type Key, t, word } from "../i18n/index.ts";
import { ActDialog, type Renewal } from "../parts/act-dialog.tsx";
import { Photographs } from "../parts/photographs.tsx";
import { path } from "../route.ts";
import { app, may, me, nowMs } from "../state/app.ts";
import { cameraName, listName, lists, unitName } from "../state/names.ts";
import { usePolled } from "../state/polled.ts";
import { AuthorisationForm, EntryForm } from "./law-forms.tsx";

const EVERY_MS = 5_000;

export default function LawPage() {
  const [, what] = path.value;
  if (what === "entry") return <EntryForm />;
  if (what === "authorisation") return <AuthorisationForm />;
  return <Records />;
}

function Records() {
  const entries = usePolled<Entry[]>("entries", EVERY_MS, () =>
    app().api.all<Entry>("/watchlist/entries"),
  ).data;
  const read = () => app().api.all<Authorisation>("/authorisations");
  const given = usePolled<Authorisation[]>("authorisations", EVERY_MS, read).data;
  return (
    <>
      <h1>{t("nav.law")}</h1>
      <p class="rule">{t("law.rule")}</p>
      <p class="do start">
        {may("watchlist.request") && (
          <a class="button" href="#/law/entry">
            {t("law.new_entry")}
          </a>
        )}
        {may("authorisation.request") && (
          <a class="button" href="#/law/authorisation">
            {t("law.new_authorisation")}
          </a>
        )}
      </p>
      <section class="panel scroll" aria-labelledby="entries">
        <h2 id="entries">{t("law.entries")}</h2>
        {entries?.length === 0 && <p>{t("law.no_entries")}</p>}
        {entries?.map((one) => (
          <EntryCard key={one.id} entry={one} />
        ))}
      </section>
      <section class="panel scroll" aria-labelledby="authorisations">
        <h2 id="authorisations">{t("law.authorisations")}</h2>
        {given?.length === 0 && <p>{t("law.no_authorisations")}</p>}
        {given?.map((one) => (
          <AuthorisationCard key={one.id} given={one} />
        ))}
      </section>
    </>
  );
}

function EntryCard({ entry }: { entry: Entry }) {
  const mine = entry.requested_by === me.value?.subject;
  const decides = may("watchlist.approve") && !mine && entry.status === "requested";
  const acts = [
    ...(decides ? ["approve", "refuse"] : []),
    ...(may("watchlist.approve") && !mine && entry.status === "approved" ? ["renew"] : []),
    ...(may("watchlist.request") && ["requested", "approved"].includes(entry.status) ? ["withdraw"] : []),
  ];
  return (
    <article class="record">
      <h3>
        {listName(entry.category)} · {entry.nominal}{" "}
        {entry.under_18 && <span class="mark">{t("law.under_18")}</span>}{" "}
        <span class="mark">{word("entry", entry.status)}</span>{" "}
        <span class={entry.searchable ? "mark yes" : "mark"}>
          {t(entry.searchable ? "law.searchable" : "law.not_searched")}
        </span>
      </h3>
      <Facts
        facts={[
          ["law.reason", entry.reason],
          ["law.hours", String(entry.hours)],
          ["law.basis", entry.legal_basis],
          ["law.requested", requestOf(entry)],
          ["law.approved", entry.approved_by],
          ["law.until", entry.valid_until && dayAndTime(entry.valid_until)],
        ]}
      />
      <Photographs entry={entry} isAsking={may("watchlist.request") && entry.status === "requested"} />
      <Acts
        acts={acts}
        path={`/watchlist/entries/${entry.id}/acts`}
        version={entry.version}
        renewal={{ hours: entry.hours, most: lists.value.get(entry.category)?.most_hours ?? entry.hours }}
      />
    </article>
  );
}

function AuthorisationCard({ given }: { given: Authorisation }) {
  const isOver =
    given.ended_at !== null || given.refused_at !== null || Date.parse(given.valid_until) < nowMs.value;
  const mine = given.requested_by === me.value?.subject;
  const decides = may("authorisation.approve") && !mine && given.approved_at === null && !isOver;
  const acts = [
    ...(decides ? ["approve", "refuse"] : []),
    ...(may("authorisation.request") && !isOver ? ["end"] : []),
  ];
  const inForce = isWithin(given.in_force_from, given.in_force_until);
  return (
    <article class="record">
      <h3>
        {given.purpose} {given.emergency && <span class="mark level">{t("law.emergency")}</span>}{" "}
        <span class={inForce ? "mark yes" : "mark"}>{t(inForce ? "law.in_force" : "law.not_in_force")}</span>
      </h3>
      <Facts
        facts={[
          ["law.basis", given.legal_basis],
          ["law.list", given.lists.map(listName).join(", ")],
          ["law.window", `${dayAndTime(given.valid_from)} – ${dayAndTime(given.valid_until)}`],
          ["law.cameras", given.camera_ids.map(cameraName).join(", ")],
          ["law.requested", requestOf(given)],
          ["law.approved", given.approved_by],
        ]}
      />
      <Acts acts={acts} path={`/authorisations/${given.id}/acts`} version={given.version} />
    </article>
  );
}

function requestOf(record: Entry | Authorisation): string {
  return `${record.requested_by} (${unitName(record.requesting_unit)}), ${dayAndTime(record.requested_at)}`;
}

function isWithin(from: string | null, until: string | null): boolean {
  return (
    from !== null && until !== null && Date.parse(from) <= nowMs.value && nowMs.value < Date.parse(until)
  );
}

function Facts({ facts }: { facts: readonly (readonly [Key, string | null])[] }) {
  return (
    <dl class="facts">
      {facts.map(([key, value]) => (
        <div key={key}>
          <dt>{t(key)}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

interface ActsProps {
  readonly acts: readonly string[];
  readonly path: string;
  readonly version: number;
  /** For how long it runs and may run, where that can be renewed. */
  readonly renewal?: Renewal;
}

function Acts({ acts, path, version, renewal }: ActsProps) {
  const [asking, ask] = useState<string | null>(null);
  return (
    <div class="do">
      {acts.map((one) => (
        <button key={one} type="button" class={one === "approve" ? "primary" : ""} onClick={() => ask(one)}>
          {t(`act.${one}` as Key)}
        </button>
      ))}
      {asking && (
        <ActDialog
          action={asking}
          path={path}
          version={version}
          {...(asking === "renew" && renewal ? { renewal } : {})}
          onClose={() => ask(null)}
        />
      )}
    </div>
  );
}
