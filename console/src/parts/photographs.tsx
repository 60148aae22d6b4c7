/** Photographs of an entry: sent straight to where they are kept, judged by the quality gate, and never shown again. */
import { useState } from "preact/hooks";
import type { Entry, PhotographForm } from "../api/types.ts";
import { t, word } from "../i18n/index.ts";
import { app } from "../state/app.ts";
import { refuse, say } from "../state/notices.ts";
import { FileField } from "./file-field.tsx";

const MOST_BYTES = 20_000_000;

export function Photographs({ entry, isAsking }: { entry: Entry; isAsking: boolean }) {
  const [busy, setBusy] = useState(false);
  const choose = async (file: File) => {
    setBusy(true);
    await send(entry.id, file).catch(refuse);
    setBusy(false);
  };
  return (
    <div class="photographs">
      <ul>
        {entry.portraits.map((one, number) => (
          <li key={one.name} class={one.accepted ? "yes" : ""}>
            {t("photo.number", { n: number + 1 })}: {said(one.accepted, one.refused_because)}
          </li>
        ))}
      </ul>
      {isAsking && (
        <FileField
          label={t("photo.add")}
          hint={t("photo.rule")}
          accept="image/jpeg,image/png,image/webp"
          disabled={busy}
          onChoose={choose}
        />
      )}
    </div>
  );
}

function said(isAccepted: boolean, refusedBecause: string | null): string {
  if (isAccepted) return t("photo.accepted");
  return refusedBecause ? word("gate", refusedBecause) : t("photo.waiting");
}

/** The store's answer can't be read from another origin: what became of it, the entry says within a minute. */
async function send(entryId: string, file: File): Promise<void> {
  if (file.size > MOST_BYTES) {
    say("refused", t("photo.too_large"));
    return;
  }
  const lent = await app().api.post<PhotographForm>(`/watchlist/entries/${entryId}/photographs`);
  const form = new FormData();
  for (const [name, value] of Object.entries(lent.fields)) form.append(name, value);
  form.append("file", file);
  await fetch(lent.url, { method: "POST", body: form, mode: "no-cors", referrerPolicy: "no-referrer" });
  say("done", t("photo.sent"));
}
