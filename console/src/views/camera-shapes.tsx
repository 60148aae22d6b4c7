/** Which shapes a camera has, what they are for, and the corners of the chosen one in numbers. */
import type { CameraSettings, Kind } from "../api/types.ts";
import {
  type Chosen,
  choices,
  type Draft,
  polygonOf,
  ROAD,
  renamed,
  shapeOf,
  withCrowd,
  withMask,
  withoutShape,
  withShape,
  withZone,
} from "../camera-draft.ts";
import { t } from "../i18n/index.ts";
import { CornerTable } from "../parts/corner-table.tsx";
import { KindsField } from "../parts/kinds-field.tsx";
import { NumberOrProfile } from "../parts/number-or-profile.tsx";
import { areaOf } from "../polygon.ts";
import { nameOf } from "./camera-drawing.tsx";

interface EditProps {
  readonly settings: CameraSettings;
  readonly draft: Draft;
  readonly onEdit: (draft: Draft) => void;
}

export function ProfileField({ settings, draft, onEdit }: EditProps) {
  return (
    <label class="field">
      <span>{t("editor.profile")}</span>
      <select
        value={draft.profile}
        onChange={(event) => onEdit({ ...draft, profile: event.currentTarget.value })}
      >
        {settings.profiles.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

/** From when on a vehicle stands too long, and how many people are a crowd; what a profile says of it is known only
 * as long as the camera has nothing of its own.
 */
export function StreetFields({ settings, draft, onEdit }: EditProps) {
  const isSame = draft.profile === settings.profile;
  const seconds = isSame && settings.stopped_after_s === null && settings.effective.stopped_after_s;
  const people = isSame && settings.crowd === null && settings.effective.crowd?.people;
  return (
    <>
      <h2>{t("editor.street")}</h2>
      <p class="rule">{t("editor.street_rule")}</p>
      <NumberOrProfile
        label={t("editor.stopped_after")}
        value={draft.stopped}
        ofProfile={String(seconds || "")}
        min={0}
        max={86_400}
        onChange={(stopped) => onEdit({ ...draft, stopped })}
      />
      <NumberOrProfile
        label={t("editor.crowd_from")}
        value={draft.crowd?.people ?? null}
        ofProfile={String(people || "")}
        min={1}
        max={10_000}
        onChange={(wanted) => onEdit(withCrowd(draft, settings, wanted))}
      />
    </>
  );
}

interface ShapesProps extends EditProps {
  readonly chosen: Chosen;
  readonly kinds: readonly Kind[];
  readonly onChoose: (chosen: Chosen) => void;
}

export function Shapes({ settings, draft, chosen, kinds, onChoose, onEdit }: ShapesProps) {
  const shape = shapeOf(draft, chosen);
  const add = (sort: "zones" | "masks", now: Draft) => {
    onEdit(now);
    onChoose({ sort, at: now[sort].length - 1 });
  };
  return (
    <>
      <h2>{t("editor.shapes")}</h2>
      <div class="shapes">
        {choices(draft).map((one) => (
          <button
            key={`${one.sort}-${one.at}`}
            type="button"
            class={`swatch ${one.sort}`}
            aria-pressed={one.sort === chosen.sort && one.at === chosen.at}
            onClick={() => onChoose(one)}
          >
            {nameOf(draft, one)}
          </button>
        ))}
        <button type="button" class="quiet" onClick={() => add("zones", withZone(draft, settings))}>
          {t("editor.add_zone")}
        </button>
        <button type="button" class="quiet" onClick={() => add("masks", withMask(draft))}>
          {t("editor.add_mask")}
        </button>
      </div>
      <ShapeFields {...{ settings, draft, chosen, kinds, onEdit }} onGone={() => onChoose(ROAD)} />
      {shape && (
        <>
          <p class="rule">{t("editor.covers", { percent: Math.round(areaOf(shape) * 100) })}</p>
          <CornerTable polygon={shape} onDraw={(polygon) => onEdit(withShape(draft, chosen, polygon))} />
        </>
      )}
    </>
  );
}

interface ShapeFieldsProps extends Omit<ShapesProps, "onChoose"> {
  readonly onGone: () => void;
}

/** What a shape of this sort has beside its corners. */
function ShapeFields({ chosen, ...props }: ShapeFieldsProps) {
  const { settings, draft, onEdit } = props;
  if (chosen.sort === "road") return <RoadField settings={settings} draft={draft} onEdit={onEdit} />;
  if (chosen.sort === "crowd") return <p class="rule">{t("editor.crowd_rule")}</p>;
  if (!draft[chosen.sort][chosen.at]) return null;
  return chosen.sort === "zones" ? (
    <ZoneFields {...props} at={chosen.at} />
  ) : (
    <MaskFields {...props} at={chosen.at} />
  );
}

function RoadField({ settings, draft, onEdit }: EditProps) {
  if (draft.road)
    return (
      <p class="rule">
        {t("editor.own_road")}{" "}
        <button type="button" class="quiet" onClick={() => onEdit({ ...draft, road: null })}>
          {t("editor.profile_road")}
        </button>
      </p>
    );
  const own = () => onEdit({ ...draft, road: polygonOf(settings.effective.road_zone_rel) });
  return (
    <p class="rule">
      {t("editor.road_of_profile", { profile: draft.profile })}{" "}
      <button type="button" onClick={own}>
        {t("editor.draw_road")}
      </button>
    </p>
  );
}

interface OneOfManyProps extends Omit<ShapeFieldsProps, "chosen"> {
  readonly at: number;
}

function ZoneFields({ draft, at, onEdit, onGone }: OneOfManyProps) {
  return (
    <>
      <label class="field">
        <span>{t("editor.zone_name")}</span>
        <input
          value={draft.zones[at]?.id}
          required
          maxLength={64}
          autocomplete="off"
          onChange={(event) => onEdit(renamed(draft, at, event.currentTarget.value.trim()))}
        />
        <small>{t("editor.zone_rule")}</small>
      </label>
      <Remove sort="zones" {...{ draft, at, onEdit, onGone }} />
    </>
  );
}

function MaskFields({ draft, at, kinds, onEdit, onGone }: OneOfManyProps) {
  const mask = draft.masks[at];
  if (!mask) return null;
  return (
    <>
      <KindsField
        kinds={kinds}
        chosen={mask.kinds}
        onChoose={(chosen) => onEdit({ ...draft, masks: draft.masks.with(at, { ...mask, kinds: chosen }) })}
      />
      <Remove sort="masks" {...{ draft, at, onEdit, onGone }} />
    </>
  );
}

interface RemoveProps extends Pick<OneOfManyProps, "draft" | "at" | "onEdit" | "onGone"> {
  readonly sort: "zones" | "masks";
}

function Remove({ sort, draft, at, onEdit, onGone }: RemoveProps) {
  const remove = () => {
    onEdit(withoutShape(draft, sort, at));
    onGone();
  };
  return (
    <button type="button" class="danger" onClick={remove}>
      {t(sort === "zones" ? "editor.remove_zone" : "editor.remove_mask")}
    </button>
  );
}
