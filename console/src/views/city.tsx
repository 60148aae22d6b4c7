/** A new city pack: compared with the one in force, field by field, and put in its place by whoever looked. */
import { useState } from "preact/hooks";
import { ApiProblem, currentOf } from "../api/client.ts";
import type { City, PackApplied, PackChange, PackDiff, Problem } from "../api/types.ts";
import { named, t, word } from "../i18n/index.ts";
import { FileField } from "../parts/file-field.tsx";
import { PurposeDialog } from "../parts/purpose-dialog.tsx";
import { app } from "../state/app.ts";
import { refuse, say } from "../state/notices.ts";
import { useOnce } from "../state/polled.ts";

const SHOWN_AT_ONCE = 200;

/** A pack that was chosen, and what the API makes of it. */
interface Proposed {
  readonly pack: unknown;
  readonly diff: PackDiff | null;
  readonly problem: Problem | null;
}

export default function CityPage() {
  const city = useOnce<City>("/city");
  const [proposed, propose] = useState<Proposed | null>(null);
  const diff = proposed?.diff;
  const applied = (version: string) => {
    say("done", t("city.applied", { version }));
    propose(null);
    city.again();
  };
  return (
    <>
      <div class="head">
        <h1>{t("nav.city")}</h1>
        {city.data && (
          <span class="count">
            {named(city.data)} · {t("routing.version", { version: city.data.version })}
          </span>
        )}
      </div>
      <section class="panel">
        <FileField
          label={t("city.choose")}
          hint={`python -m ops.city compile … pack.json · ${t("city.hint")}`}
          accept="application/json,.json"
          onChoose={(file) => compare(file).then(propose, refuse)}
        />
      </section>
      {proposed?.problem && <Problems problem={proposed.problem} />}
      {diff && <Diff diff={diff} />}
      {diff && diff.changes.length > 0 && diff.blocked.length === 0 && (
        <Apply
          pack={proposed.pack}
          diff={diff}
          onApplied={applied}
          onStale={(now) => propose({ ...proposed, diff: now })}
        />
      )}
    </>
  );
}

interface ApplyProps {
  readonly pack: unknown;
  readonly diff: PackDiff;
  readonly onApplied: (version: string) => void;
  /** Something changed since: what it would change now. */
  readonly onStale: (now: PackDiff) => void;
}

function Apply({ pack, diff, onApplied, onStale }: ApplyProps) {
  const [asking, ask] = useState(false);
  const put = async (purpose: string) => {
    try {
      const wish = { pack, purpose };
      onApplied((await app().api.put<PackApplied>("/city", wish, diff.before ?? "")).after);
    } catch (error) {
      const now = currentOf<PackDiff>(error);
      if (!now) throw error;
      onStale(now);
      say("conflict", t("city.changed"), t("city.look_again"));
    }
  };
  return (
    <div class="do">
      <button type="button" class="primary" onClick={() => ask(true)}>
        {t("city.apply")}
      </button>
      {asking && (
        <PurposeDialog title={t("city.apply")} danger onPurpose={put} onClose={() => ask(false)}>
          <p>{t("city.apply_rule", { n: diff.changes.length })}</p>
        </PurposeDialog>
      )}
    </div>
  );
}

async function compare(file: File): Promise<Proposed> {
  const pack = parsed(await file.text());
  if (pack === null) return { pack, diff: null, problem: { ...NO_JSON, detail: t("city.no_json") } };
  try {
    return { pack, diff: await app().api.post<PackDiff>("/city/diffs", { pack }), problem: null };
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 422)
      return { pack, diff: null, problem: error.problem };
    throw error;
  }
}

const NO_JSON = { type: "", title: "", status: 422, request_id: "", errors: null, current: null };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function Problems({ problem }: { problem: Problem }) {
  return (
    <section class="panel" role="alert">
      <h2>{t("city.problems", { n: problem.errors?.length ?? 1 })}</h2>
      <p class="problem">{problem.detail}</p>
      <ul>
        {problem.errors?.map((one) => (
          <li key={`${one.at} ${one.problem}`}>
            <code>{one.at.replace(/^body\.pack\.?/, "")}</code> {one.problem}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Diff({ diff }: { diff: PackDiff }) {
  const shown = diff.changes.slice(0, SHOWN_AT_ONCE);
  return (
    <section class="panel scroll" aria-labelledby="diff">
      <h2 id="diff" class="as-is">
        {t("city.diff", { before: diff.before ?? "–", after: diff.after, n: diff.changes.length })}
      </h2>
      {diff.blocked.length > 0 && (
        <div role="alert" class="problem">
          <strong>{t("city.blocked")}</strong>
          <ul>
            {diff.blocked.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      {diff.changes.length === 0 ? <p>{t("city.same")}</p> : <Changes changes={shown} />}
      {diff.changes.length > shown.length && (
        <p class="rule">{t("city.more", { n: diff.changes.length - shown.length })}</p>
      )}
    </section>
  );
}

function Changes({ changes }: { changes: readonly PackChange[] }) {
  return (
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">{t("city.what")}</th>
          <th scope="col">{t("city.item")}</th>
          <th scope="col">{t("city.before")}</th>
          <th scope="col">{t("city.after")}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((one) => (
          <tr key={`${one.section}/${one.item}/${one.field}/${one.what}`}>
            <td>
              <span class={`mark ${one.what}`}>{word("change", one.what)}</span>
            </td>
            <td>
              {one.section} <code>{one.item}</code> {one.field}
            </td>
            <td>{written(one.before)}</td>
            <td>{written(one.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function written(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
