/** What cameras saw of an incident: the street before, the thing itself, the street after, no face to be known. */
import { useState } from "preact/hooks";
import type { Evidence, Exhibit, Incident, Unsealed } from "../api/types.ts";
import { dayAndTime, percent, t, word } from "../i18n/index.ts";
import { Picture, Viewer } from "../parts/picture.tsx";
import { PurposeDialog } from "../parts/purpose-dialog.tsx";
import { app, may } from "../state/app.ts";
import { cameraName } from "../state/names.ts";
import { useOnce } from "../state/polled.ts";

export function EvidenceSection({ incident }: { incident: Incident }) {
  const evidence = useOnce<Evidence>(`/incidents/${incident.id}/evidence`);
  const items = evidence.data?.items ?? [];
  const isPending = items.some((one) => one.missing === "pending");
  return (
    <section class="panel evidence" aria-labelledby="evidence">
      <h2 id="evidence">{t("incident.evidence")}</h2>
      {evidence.data && items.length === 0 && <p>{t("evidence.none")}</p>}
      {evidence.refused && <p>{t("evidence.refused")}</p>}
      <ol class="exhibits">
        {items.map((one) => (
          <li key={one.number}>
            <ExhibitFigure incident={incident} exhibit={one} onLost={evidence.renew} />
          </li>
        ))}
      </ol>
      <p class="rule">
        {t("evidence.rule")}
        {isPending && (
          <button type="button" class="quiet" onClick={evidence.again}>
            {t("evidence.again")}
          </button>
        )}
      </p>
    </section>
  );
}

interface ExhibitFigureProps {
  readonly incident: Incident;
  readonly exhibit: Exhibit;
  readonly onLost: () => void;
}

function ExhibitFigure({ incident, exhibit, onLost }: ExhibitFigureProps) {
  const [opened, open] = useState(false);
  const alt = t("evidence.alt", { part: word("part", exhibit.role), camera: cameraName(exhibit.camera_id) });
  const title = `${word("part", exhibit.role)}, ${dayAndTime(exhibit.captured_at_utc)}`;
  const boxes = exhibit.boxes;
  return (
    <figure>
      {exhibit.image ? (
        <button
          type="button"
          class="thumb"
          aria-label={t("evidence.enlarge", { title })}
          onClick={() => open(true)}
        >
          <Picture url={exhibit.image.url} alt={alt} boxes={boxes} onLost={onLost} />
        </button>
      ) : (
        <div class="frame">{word("missing", exhibit.missing ?? "none")}</div>
      )}
      <figcaption>
        <strong>{word("part", exhibit.role)}</strong>
        <span>{dayAndTime(exhibit.captured_at_utc)}</span>
        <span>{cameraName(exhibit.camera_id)}</span>
        {exhibit.score !== null && (
          <span>
            {t("incident.score")} {percent(exhibit.score)}
          </span>
        )}
        {exhibit.missing !== "erased" && may("evidence.view_original") && (
          <Unseal incident={incident} exhibit={exhibit} />
        )}
      </figcaption>
      {opened && exhibit.image && (
        <Viewer title={title} url={exhibit.image.url} alt={alt} boxes={boxes} onClose={() => open(false)} />
      )}
    </figure>
  );
}

/** The original, with faces: who looked and what for is in the audit before anybody sees it. */
function Unseal({ incident, exhibit }: { incident: Incident; exhibit: Exhibit }) {
  const [asking, ask] = useState(false);
  const [url, show] = useState("");
  const title = t("evidence.original", { time: dayAndTime(exhibit.captured_at_utc) });
  const unseal = async (purpose: string) => {
    const asked = { number: exhibit.number, purpose };
    const lent = await app().api.post<Unsealed>(`/incidents/${incident.id}/unsealings`, asked);
    show(lent.image.url);
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => ask(true)}>
        {t("evidence.unseal")}
      </button>
      {asking && (
        <PurposeDialog title={t("evidence.unseal")} danger onPurpose={unseal} onClose={() => ask(false)}>
          <p>{t("evidence.unseal_rule")}</p>
        </PurposeDialog>
      )}
      {url && <Viewer title={title} url={url} alt={title} boxes={exhibit.boxes} onClose={() => show("")} />}
    </>
  );
}
