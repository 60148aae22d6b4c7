/** The board's filters, and the views that this browser keeps. */
import type { FilterName } from "../filters.ts";
import { named, t, word } from "../i18n/index.ts";
import { Icon } from "../parts/icons.tsx";
import { areaOf } from "../parts/incident-bits.tsx";
import { choose, query, replaceQuery } from "../route.ts";
import { live } from "../state/incidents.ts";
import { kindName, units } from "../state/names.ts";
import { keepViews, views } from "../state/views.ts";
import { SEVERITIES } from "../urgency.ts";

export function FilterBar() {
  const areas = new Map(live.value.map((one) => [one.place.area_id, areaOf(one)]));
  const told = new Set(live.value.flatMap((one) => one.units.map((unit) => unit.unit)));
  const kinds = [...new Set(live.value.map((one) => one.kind))];
  const statuses = [...new Set(live.value.map((one) => one.status))];
  return (
    <search class="filters" aria-label={t("filter.label")}>
      <input
        type="search"
        placeholder={t("filter.search")}
        aria-label={t("filter.search")}
        value={query.value.get("search") ?? ""}
        onInput={(event) => choose("search", event.currentTarget.value)}
      />
      <Choice name="kind" label={t("filter.kind")} options={kinds.map((one) => [one, kindName(one)])} />
      <Choice
        name="severity"
        label={t("filter.severity")}
        options={SEVERITIES.map((one) => [one, word("severity", one)])}
      />
      <Choice
        name="status"
        label={t("filter.status")}
        options={statuses.map((one) => [one, word("status", one)])}
      />
      <Choice name="area" label={t("filter.area")} options={[...areas]} />
      <Choice
        name="unit"
        label={t("filter.unit")}
        options={[...units.value.values()]
          .filter((one) => told.has(one.id))
          .map((one) => [one.id, named(one)])}
      />
      <Views />
    </search>
  );
}

interface ChoiceProps {
  readonly name: FilterName;
  readonly label: string;
  readonly options: readonly (readonly [string, string])[];
}

function Choice({ name, label, options }: ChoiceProps) {
  const chosen = query.value.get(name) ?? "";
  const known = options.some(([value]) => value === chosen);
  return (
    <label class={chosen ? "choice chosen" : "choice"}>
      <span>{label}</span>
      <select value={chosen} onChange={(event) => choose(name, event.currentTarget.value)}>
        <option value="">{t("filter.any")}</option>
        {chosen && !known && <option value={chosen}>{chosen}</option>}
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Views() {
  const text = query.value.toString();
  const kept = Object.entries(views.value);
  return (
    <span class="views">
      {kept.map(([name, saved]) => (
        <span key={name} class="view">
          <a href={`#/?${saved}`} aria-current={saved === text ? "true" : undefined}>
            {name}
          </a>
          <button
            type="button"
            class="quiet icon"
            aria-label={t("filter.remove", { name })}
            onClick={() => keepViews(Object.fromEntries(kept.filter(([one]) => one !== name)))}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {text && (
        <>
          <button type="button" class="quiet" onClick={() => replaceQuery(new URLSearchParams())}>
            {t("filter.clear")}
          </button>
          <button type="button" class="quiet" onClick={() => save(text)}>
            {t("filter.save")}
          </button>
        </>
      )}
    </span>
  );
}

function save(text: string): void {
  const name = prompt(t("filter.name"))?.trim();
  if (name) keepViews({ ...views.value, [name]: text });
}
