/** An act on a record of the law, as it was seen. */
import { type Key, t } from "../i18n/index.ts";
import { app } from "../state/app.ts";
import { say } from "../state/notices.ts";
import { PurposeDialog } from "./purpose-dialog.tsx";

/** For how long it ran, and may run anew. */
export interface Renewal {
  readonly hours: number;
  readonly most: number;
}

interface ActDialogProps {
  readonly action: string;
  readonly path: string;
  readonly version: number;
  /** Where that is the act. */
  readonly renewal?: Renewal;
  readonly onClose: () => void;
}

export function ActDialog({ action, path, version, renewal, onClose }: ActDialogProps) {
  const act = async (purpose: string, form: FormData) => {
    const renewed = renewal === undefined ? {} : { hours: Number(form.get("hours")) };
    await app().api.post(path, { action, version, purpose, ...renewed });
    say("done", t("done.other"));
  };
  return (
    <PurposeDialog title={t(`act.${action}` as Key)} onPurpose={act} onClose={onClose}>
      {renewal && (
        <label>
          {t("law.hours")}
          <input name="hours" type="number" required min={1} max={renewal.most} value={renewal.hours} />
        </label>
      )}
    </PurposeDialog>
  );
}
