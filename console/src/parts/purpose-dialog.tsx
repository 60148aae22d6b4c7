/** Something that is never done without saying what for; the purpose goes into the audit. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { type Explained, explained } from "../state/notices.ts";
import { Dialog } from "./dialog.tsx";
import { Failure } from "./failure.tsx";

interface PurposeDialogProps {
  readonly title: string;
  /** Do it; what it throws is told here, and nothing that was written is lost. */
  readonly onPurpose: (purpose: string, form: FormData) => Promise<unknown>;
  readonly onClose: () => void;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
}

export function PurposeDialog({ title, onPurpose, onClose, danger, children }: PurposeDialogProps) {
  const [busy, setBusy] = useState(false);
  const [failed, fail] = useState<Explained | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    try {
      await onPurpose(String(form.get("purpose")), form);
      onClose();
    } catch (error) {
      fail(explained(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {failed && <Failure of={failed} />}
        {children}
        <label>
          {t("law.purpose")}
          <input name="purpose" required maxLength={200} autocomplete="off" />
        </label>
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {t("dialog.cancel")}
          </button>
          <button type="submit" class={danger ? "danger" : "primary"} disabled={busy}>
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
