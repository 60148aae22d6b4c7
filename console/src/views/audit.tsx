/** Who did what to what and what for, day by day, as it stands in the chain. */
import { useState } from "preact/hooks";
import type { AuditRecord } from "../api/types.ts";
import { says } from "../filters.ts";
import { t, time, word } from "../i18n/index.ts";
import { Waiting } from "../parts/waiting.tsx";
import { app, nowMs } from "../state/app.ts";
import { usePolled } from "../state/polled.ts";

const EVERY_MS = 15_000;
const HASH_SHOWN = 12;

export default function AuditPage() {
  const [day, setDay] = useState(new Date(nowMs.peek()).toISOString().slice(0, 10));
  const [search, setSearch] = useState("");
  const read = () => app().api.all<AuditRecord>("/audit", { day });
  const { data: records, refused } = usePolled<AuditRecord[]>(`audit:${day}`, EVERY_MS, read);
  const shown = (records ?? [])
    .filter((one) =>
      says([one.actor, one.action, word("deed", one.action), one.subject, one.purpose], search),
    )
    .toSorted((one, other) => other.at.localeCompare(one.at));
  return (
    <>
      <div class="head">
        <h1>{t("audit.title")}</h1>
        <label class="choice">
          <span>{t("audit.day")}</span>
          <input
            type="date"
            required
            value={day}
            onChange={(event) => setDay(event.currentTarget.value || day)}
          />
        </label>
        <input
          type="search"
          value={search}
          aria-label={t("keys.search")}
          placeholder={t("keys.search")}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <small>{t("audit.rule")}</small>
      </div>
      {!records && <Waiting refused={refused} />}
      {records && shown.length === 0 && <p class="notice">{t("audit.none")}</p>}
      {shown.length > 0 && <Records records={shown} />}
    </>
  );
}

function Records({ records }: { records: readonly AuditRecord[] }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{t("audit.at")}</th>
            <th scope="col">{t("audit.actor")}</th>
            <th scope="col">{t("audit.action")}</th>
            <th scope="col">{t("audit.subject")}</th>
            <th scope="col">{t("audit.purpose")}</th>
            <th scope="col">{t("audit.hash")}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((one) => (
            <tr key={`${one.chain}/${one.sequence}`}>
              <td>{time(one.at)}</td>
              <td>{one.actor}</td>
              <td title={one.action}>{word("deed", one.action)}</td>
              <td>
                <code>{one.subject}</code>
              </td>
              <td>{one.purpose}</td>
              <td>
                <code title={one.hash}>{one.hash.slice(0, HASH_SHOWN)}…</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
