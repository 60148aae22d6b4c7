/** In the way of everything once the session has ended, so that nothing is lost that somebody was about to send. */
import { useState } from "preact/hooks";
import { expired } from "../auth.ts";
import { t } from "../i18n/index.ts";
import { Dialog } from "./dialog.tsx";

export function SignInAgain() {
  const [failed, fail] = useState(false);
  const signIn = expired.value;
  if (!signIn) return null;
  return (
    <Dialog title={t("session.ended")} onClose={() => location.reload()}>
      <p>{t("session.rule")}</p>
      {failed && <p role="alert">{t("session.failed")}</p>}
      <div class="buttons">
        <button type="button" class="primary" onClick={() => signIn().catch(() => fail(true))}>
          {t("session.again")}
        </button>
      </div>
    </Dialog>
  );
}
