/** An act on a record of the law, as it was seen. */
import { type Key, t } from "../i18n/index.ts";
import { app } from "../state/app.ts";
import { say } from "../state/notices.ts";
import { PurposeDialog } from "./purpose-dialog.tsx";

interface ActDialogProps {
  readonly action: string;
  readonly path: string;
  readonly version: number;
  /** For how long to renew, where that is the act. */
  readonly hours?: number;
  readonly onClose: () => void;
}

export function ActDialog({ action, path, version, hours, onClose }: ActDialogProps) {
  const act = async (purpose: string, form: FormData) => {
    const renewed = hours === undefined ? {} : { hours: Number(form.get("hours")) };
    await app().api.post(path, { action, version, purpose, ...renewed });
    say("done", t("done.other"));
  };
  return (
    <PurposeDialog title={t(`act.${action}` as Key)} onPurpose={act} onClose={onClose}>
      {hours !== undefined && (
        <label>
          {t("law.hours")}
          <input name="hours" type="number" required min={1} max={720} value={hours} />
        </label>
      )}
    </PurposeDialog>
  );
}
