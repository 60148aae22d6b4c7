/** Which kinds something is for; none ticked: all of them. */
import type { Kind } from "../api/types.ts";
import { named, t } from "../i18n/index.ts";

const ALL = "*";

interface KindsFieldProps {
  readonly kinds: readonly Kind[];
  readonly chosen: readonly string[];
  readonly onChoose: (kinds: readonly string[]) => void;
}

export function KindsField({ kinds, chosen, onChoose }: KindsFieldProps) {
  const toggle = (kind: string) => {
    const others = chosen.filter((one) => one !== kind && one !== ALL);
    const now = chosen.includes(kind) ? others : [...others, kind];
    onChoose(now.length ? now : [ALL]);
  };
  return (
    <fieldset class="kinds">
      <legend>{t("editor.kinds")}</legend>
      <label class="check">
        <input type="checkbox" checked={chosen.includes(ALL)} onChange={() => onChoose([ALL])} />
        <span>{t("editor.all_kinds")}</span>
      </label>
      {kinds.map((one) => (
        <label key={one.kind} class="check">
          <input type="checkbox" checked={chosen.includes(one.kind)} onChange={() => toggle(one.kind)} />
          <span>{named(one)}</span>
        </label>
      ))}
    </fieldset>
  );
}
