/** Who would hear of an incident, and what every route of the city pack made of it. */
import { useState } from "preact/hooks";
import type { Area, Routing } from "../api/types.ts";
import { because } from "../i18n/because.ts";
import { named, t, word } from "../i18n/index.ts";
import { app, nowMs } from "../state/app.ts";
import { kinds } from "../state/names.ts";
import { refuse } from "../state/notices.ts";
import { usePolled } from "../state/polled.ts";
import { SEVERITIES } from "../urgency.ts";
import { UnitsTold } from "./incident-parts.tsx";

const ONCE_MS = 3_600_000;

export default function RoutingPage() {
  const [found, show] = useState<Routing | null>(null);
  const today = new Date(nowMs.peek()).toISOString().slice(0, 10);
  const areas =
    usePolled<Area[]>("areas", ONCE_MS, () => app().api.all<Area>("/areas", { on: today })).data ?? [];
  const ask = async (event: SubmitEvent) => {
    event.preventDefault();
    const asked = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement)) as Record<
      string,
      string
    >;
    try {
      show(await app().api.get<Routing>("/routing/explain", asked));
    } catch (error) {
      refuse(error);
    }
  };
  return (
    <>
      <h1>{t("routing.title")}</h1>
      <form class="filters" onSubmit={ask}>
        <Choice
          name="kind"
          label={t("filter.kind")}
          options={[...kinds.value.values()].map((one) => [one.kind, named(one)])}
        />
        <Choice name="area" label={t("filter.area")} options={areas.map((one) => [one.id, one.name])} />
        <Choice
          name="severity"
          label={t("routing.severity")}
          options={SEVERITIES.map((one) => [one, word("severity", one)])}
        />
        <button type="submit" class="primary">
          {t("routing.ask")}
        </button>
      </form>
      {found && <Found routing={found} />}
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [string, string])[];
}

function Choice({ name, label, options }: ChoiceProps) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select name={name}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Found({ routing }: { routing: Routing }) {
  return (
    <div class="columns">
      <section aria-labelledby="reached">
        <h2 id="reached">{t("routing.reached")}</h2>
        <UnitsTold told={routing.units} />
      </section>
      <section aria-labelledby="tried">
        <h2 id="tried">{t("routing.tried")}</h2>
        <ul class="units-told">
          {routing.routes.map((one) => (
            <li key={one.route}>
              <strong class={one.applies ? "yes" : ""}>
                {one.route}: {one.applies ? t("routing.applies") : t("routing.not")}
              </strong>
              <small>{because(one.because)}</small>
            </li>
          ))}
        </ul>
        <small>{t("routing.version", { version: routing.config_version })}</small>
      </section>
    </div>
  );
}
