/** Which shapes a camera has, what they are for, and the corners of the chosen one in numbers. */
import type { CameraSettings, Kind } from "../api/types.ts";
import { type Chosen, type Draft, polygonOf, shapeOf, withCrowd, withShape } from "../camera-draft.ts";
import { t } from "../i18n/index.ts";
import { CornerTable } from "../parts/corner-table.tsx";
import { KindsField } from "../parts/kinds-field.tsx";
import { NumberOrProfile } from "../parts/number-or-profile.tsx";
import { areaOf, SQUARE } from "../polygon.ts";
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
  const add = () => {
    onEdit({ ...draft, masks: [...draft.masks, { kinds: ["*"], polygon: SQUARE }] });
    onChoose(draft.masks.length);
  };
  return (
    <>
      <h2>{t("editor.shapes")}</h2>
      <div class="shapes">
        {(["road", ...draft.masks.keys()] as const).map((one) => (
          <button key={one} type="button" aria-pressed={one === chosen} onClick={() => onChoose(one)}>
            {nameOf(one)}
          </button>
        ))}
        <button type="button" class="quiet" onClick={add}>
          {t("editor.add_mask")}
        </button>
      </div>
      {chosen === "road" && <RoadField settings={settings} draft={draft} onEdit={onEdit} />}
      {chosen !== "road" && shape && (
        <MaskFields {...{ draft, kinds, onEdit }} at={chosen} onGone={() => onChoose("road")} />
      )}
      {shape && (
        <>
          <p class="rule">{t("editor.covers", { percent: Math.round(areaOf(shape) * 100) })}</p>
          <CornerTable polygon={shape} onDraw={(polygon) => onEdit(withShape(draft, chosen, polygon))} />
        </>
      )}
    </>
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

interface MaskFieldsProps {
  readonly draft: Draft;
  readonly at: number;
  readonly kinds: readonly Kind[];
  readonly onEdit: (draft: Draft) => void;
  readonly onGone: () => void;
}

function MaskFields({ draft, at, kinds, onEdit, onGone }: MaskFieldsProps) {
  const mask = draft.masks[at];
  if (!mask) return null;
  const remove = () => {
    onEdit({ ...draft, masks: draft.masks.toSpliced(at, 1) });
    onGone();
  };
  return (
    <>
      <KindsField
        kinds={kinds}
        chosen={mask.kinds}
        onChoose={(chosen) => onEdit({ ...draft, masks: draft.masks.with(at, { ...mask, kinds: chosen }) })}
      />
      <button type="button" class="danger" onClick={remove}>
        {t("editor.remove_mask")}
      </button>
    </>
  );
}
