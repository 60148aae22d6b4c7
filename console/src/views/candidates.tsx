/** Candidates, one at a time, for two people who don't know each other's word. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Action, Comparison, Incident, Timeline } from "../api/types.ts";
import { dayAndTime, percent, t, word } from "../i18n/index.ts";
import { refusals } from "../i18n/refusals.ts";
import { ActionDialog, perform } from "../parts/command-dialogs.tsx";
import { ageOf, areaOf, Countdown, Marks, placeOf, Severity } from "../parts/incident-bits.tsx";
import { Picture } from "../parts/picture.tsx";
import { query } from "../route.ts";
import { me } from "../state/app.ts";
import { candidates, POLL_MS } from "../state/incidents.ts";
import { listName } from "../state/names.ts";
import { useOnce, usePolled } from "../state/polled.ts";

export default function Candidates() {
  const wanted = query.value.get("id");
  const shown = candidates.value.find((one) => one.id === wanted) ?? candidates.value[0];
  return (
    <div class="candidates">
      <h1>{t("candidates.title")}</h1>
      <p class="rule">{t("candidates.rule")}</p>
      <p class="rule">{t("candidates.blind")}</p>
      {!shown && <p class="notice">{t("candidates.empty")}</p>}
      {candidates.value.length > 1 && (
        <ul class="others">
          {candidates.value.map((one) => (
            <li key={one.id}>
              <a href={`#/candidates?id=${one.id}`} aria-current={one === shown ? "true" : undefined}>
                {placeOf(one)} · {t("incident.ago", { age: ageOf(one) })}
              </a>
            </li>
          ))}
        </ul>
      )}
      {shown && <Candidate key={shown.id} candidate={shown} />}
    </div>
  );
}

function Candidate({ candidate }: { candidate: Incident }) {
  const [rejecting, reject] = useState(false);
  const timeline = usePolled<Timeline>(`/incidents/${candidate.id}/timeline`, POLL_MS);
  const isMine = timeline.data?.items.some((one) => one.type === "reviewed" && one.by === me.value?.subject);
  const can = (action: Action) => !isMine && candidate.actions.includes(action);
  const best = Math.max(0, ...candidate.evidence.map((one) => one.score));
  return (
    <article class="panel candidate">
      <header class="row severe">
        <Countdown incident={candidate} />
        <div class="what">
          <h2 class="place">{placeOf(candidate)}</h2>
          <p class="meta">
            <Severity of={candidate.severity} />
            <span>{areaOf(candidate)}</span>
            <span>{dayAndTime(candidate.first_seen_at)}</span>
            <span>
              {t("candidates.score")} {percent(best)}
            </span>
            <Marks incident={candidate} />
          </p>
        </div>
      </header>
      <SideBySide candidate={candidate} />
      {isMine && <p role="status">{t("candidates.yours")}</p>}
      <div class="do">
        {can("reject") && (
          <button type="button" class="danger" onClick={() => reject(true)}>
            {t("action.reject")}
          </button>
        )}
        {can("confirm") && (
          <button type="button" class="primary" onClick={() => perform(candidate, "confirm")}>
            {t("action.confirm")}
          </button>
        )}
      </div>
      {rejecting && <ActionDialog incident={candidate} action="reject" onDone={() => reject(false)} />}
    </article>
  );
}

/** The face that a camera saw beside those of the entry. Each look is in the audit, so it is taken once. */
function SideBySide({ candidate }: { candidate: Incident }) {
  const { data, refused, renew } = useOnce<Comparison>(`/incidents/${candidate.id}/comparison`);
  if (refused) return <p class="rule">{refusals(refused.problem).join(" ")}</p>;
  if (!data) return <p class="notice">{t("app.starting")}</p>;
  const { probe, references, entry } = data;
  return (
    <>
      <div class="pair">
        <Face image={probe.image} caption={t("candidates.seen")} onLost={renew} />
        {references.map((one, number) => (
          <Face
            key={one.image.url}
            image={one.image}
            caption={`${t("candidates.reference")} ${number + 1}`}
            onLost={renew}
          />
        ))}
      </div>
      <dl class="facts">
        <Fact label={t("law.list")}>{listName(entry.category)}</Fact>
        <Fact label={t("law.reason")}>{entry.why}</Fact>
        <Fact label={t("law.basis")}>{entry.legal_basis}</Fact>
        {Object.entries(probe.quality ?? {}).map(([name, value]) => (
          <Fact key={name} label={word("quality", name)}>
            {Number(value.toPrecision(2))}
          </Fact>
        ))}
      </dl>
    </>
  );
}

interface FaceProps {
  readonly image: { readonly url: string } | null;
  readonly caption: string;
  readonly onLost: () => void;
}

function Face({ image, caption, onLost }: FaceProps) {
  return (
    <figure>
      {image ? (
        <Picture url={image.url} alt={caption} onLost={onLost} />
      ) : (
        <div class="frame">{t("candidates.no_picture")}</div>
      )}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
