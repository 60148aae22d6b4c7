/** An act on a record of the law: never without saying what for. */
import { type Key, t } from "../i18n/index.ts";
import { app } from "../state/app.ts";
import { refuse, say } from "../state/notices.ts";
import { Dialog } from "./dialog.tsx";

interface ActDialogProps {
  readonly action: string;
  readonly path: string;
  readonly version: number;
  readonly onClose: () => void;
}

export function ActDialog({ action, path, version, onClose }: ActDialogProps) {
  const title = t(`act.${action}` as Key);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const purpose = String(new FormData(event.currentTarget as HTMLFormElement).get("purpose"));
    try {
      await app().api.post(path, { action, version, purpose });
      say("done", t("done.other"));
    } catch (error) {
      refuse(error);
    }
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <label>
          {t("law.purpose")}
          <input name="purpose" required maxLength={200} autocomplete="off" />
        </label>
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {t("dialog.cancel")}
          </button>
          <button type="submit" class="primary">
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
