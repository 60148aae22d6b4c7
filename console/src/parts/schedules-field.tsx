/** The hours in which kinds are looked for, on the city's clock. */
import type { DayOfWeek, Kind, Schedule } from "../api/types.ts";
import { t, word } from "../i18n/index.ts";
import { Icon } from "./icons.tsx";
import { KindsField } from "./kinds-field.tsx";

const DAYS: readonly DayOfWeek[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAYTIME: Hours = { start: "06:00", until: "22:00", days: DAYS };

type Hours = Schedule["hours"][number];

interface SchedulesFieldProps {
  readonly kinds: readonly Kind[];
  readonly schedules: readonly Schedule[];
  readonly onChange: (schedules: readonly Schedule[]) => void;
}

export function SchedulesField({ kinds, schedules, onChange }: SchedulesFieldProps) {
  return (
    <>
      {schedules.length === 0 && <p class="rule">{t("editor.no_schedules")}</p>}
      {schedules.map((schedule, at) => (
        <fieldset key={at} class="schedule">
          <legend>{t("editor.schedule", { n: at + 1 })}</legend>
          <KindsField
            kinds={kinds}
            chosen={schedule.kinds}
            onChoose={(chosen) => onChange(schedules.with(at, { ...schedule, kinds: chosen }))}
          />
          {schedule.hours.map((hours, number) => (
            <HoursRow
              key={number}
              hours={hours}
              onChange={(now) =>
                onChange(schedules.with(at, { ...schedule, hours: replaced(schedule.hours, number, now) }))
              }
            />
          ))}
          <div class="do">
            <button
              type="button"
              onClick={() =>
                onChange(schedules.with(at, { ...schedule, hours: [...schedule.hours, DAYTIME] }))
              }
            >
              {t("editor.add_hours")}
            </button>
            <button type="button" class="danger" onClick={() => onChange(schedules.toSpliced(at, 1))}>
              {t("editor.remove_schedule")}
            </button>
          </div>
        </fieldset>
      ))}
      <button type="button" onClick={() => onChange([...schedules, { kinds: ["*"], hours: [DAYTIME] }])}>
        {t("editor.add_schedule")}
      </button>
    </>
  );
}

/** With the last of its hours gone a schedule would say nothing, so one stays. */
function replaced(hours: readonly Hours[], at: number, now: Hours | null): readonly Hours[] {
  if (now) return hours.with(at, now);
  return hours.length > 1 ? hours.toSpliced(at, 1) : hours;
}

interface HoursRowProps {
  readonly hours: Hours;
  readonly onChange: (hours: Hours | null) => void;
}

function HoursRow({ hours, onChange }: HoursRowProps) {
  const toggle = (day: DayOfWeek) => {
    const days = DAYS.filter((one) => hours.days.includes(one) !== (one === day));
    if (days.length) onChange({ ...hours, days });
  };
  return (
    <div class="hours-row">
      <label>
        <span>{t("editor.from")}</span>
        <input
          type="time"
          required
          value={hours.start}
          onChange={(event) => onChange({ ...hours, start: event.currentTarget.value || hours.start })}
        />
      </label>
      <label>
        <span>{t("editor.until")}</span>
        <input
          type="time"
          required
          value={hours.until}
          onChange={(event) => onChange({ ...hours, until: event.currentTarget.value || hours.until })}
        />
      </label>
      {DAYS.map((one) => (
        <label key={one} class="check">
          <input type="checkbox" checked={hours.days.includes(one)} onChange={() => toggle(one)} />
          <span>{word("day", one)}</span>
        </label>
      ))}
      <button
        type="button"
        class="quiet icon"
        aria-label={t("editor.remove_hours")}
        onClick={() => onChange(null)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
