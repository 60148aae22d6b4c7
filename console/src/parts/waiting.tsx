/** In place of what the API hasn't given yet, or won't. */
import type { ApiProblem } from "../api/client.ts";
import { t } from "../i18n/index.ts";
import { explained } from "../state/notices.ts";
import { Failure } from "./failure.tsx";

export function Waiting({ refused }: { refused: ApiProblem | null }) {
  return (
    <div class="notice">{refused ? <Failure of={explained(refused)} /> : <p>{t("app.starting")}</p>}</div>
  );
}
