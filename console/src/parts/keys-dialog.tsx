import { type Key, t } from "../i18n/index.ts";
import { showKeys } from "../state/keys.ts";
import { Dialog } from "./dialog.tsx";

const KEYS: readonly (readonly [string, Key])[] = [
  ["j / k", "keys.next"],
  ["Enter", "keys.open"],
  ["a", "action.acknowledge"],
  ["s", "action.start"],
  ["t", "action.transfer"],
  ["r", "action.resolve"],
  ["d", "action.dismiss"],
  ["c", "action.comment"],
  ["b", "keys.board"],
  ["m", "nav.map"],
  ["/", "keys.search"],
  ["?", "keys.help"],
];

export function KeysDialog() {
  const close = () => {
    showKeys.value = false;
  };
  return (
    <Dialog title={t("keys.title")} onClose={close}>
      <dl class="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="buttons">
        <button type="submit">{t("keys.close")}</button>
      </form>
    </Dialog>
  );
}
