/** For which unit somebody asks: one of the own, or, for whoever belongs to none, any. */
import { named, t } from "../i18n/index.ts";
import { me } from "../state/app.ts";
import { units } from "../state/names.ts";
import { Field } from "./request-form.tsx";

export function UnitField() {
  const mine = me.value?.units ?? [];
  const known = [...units.value.values()].filter((one) => mine.length === 0 || mine.includes(one.id));
  return (
    <Field name="requesting_unit" label={t("law.unit")} hint={t("law.unit_hint")}>
      {(parts) => (
        <select {...parts} required>
          {known.map((one) => (
            <option key={one.id} value={one.id}>
              {named(one)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
