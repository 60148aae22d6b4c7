/** The camera's picture, or a grid, with its shapes to draw on. */
import { useState } from "preact/hooks";
import type { CameraPicture, CameraSettings } from "../api/types.ts";
import {
  type Chosen,
  choices,
  type Draft,
  polygonOf,
  profileCrowd,
  profileMasks,
  profileZones,
  ROAD,
  shapeOf,
} from "../camera-draft.ts";
import { dayAndTime, t } from "../i18n/index.ts";
import { type Outline, PolygonSurface } from "../parts/polygon-surface.tsx";
import { PurposeDialog } from "../parts/purpose-dialog.tsx";
import type { Polygon } from "../polygon.ts";
import { app, may } from "../state/app.ts";
import { useOnce } from "../state/polled.ts";

const PICTURE_TAKES_MS = 5_000;

interface DrawingProps {
  readonly id: string;
  readonly settings: CameraSettings;
  readonly draft: Draft;
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
  readonly onDraw: (polygon: Polygon, isDragged: boolean) => void;
}

export function Drawing({ id, settings, draft, chosen, onChoose, onDraw }: DrawingProps) {
  const mine = may("camera.edit");
  const picture = useOnce<CameraPicture>(mine ? `/cameras/${id}/picture` : "");
  const [asking, ask] = useState(false);
  const askFor = async (purpose: string) => {
    await app().api.post(`/cameras/${id}/picture`, { purpose });
    setTimeout(picture.again, PICTURE_TAKES_MS);
  };
  const url = picture.data?.image?.url ?? "";
  return (
    <section aria-label={t("editor.picture")}>
      <PolygonSurface
        image={url}
        outlines={outlinesOf(settings, draft, onChoose)}
        drawn={mine ? shapeOf(draft, chosen) : null}
        name={nameOf(draft, chosen)}
        onDraw={onDraw}
      />
      <p class="rule">
        {url && picture.data?.captured_at_utc && dayAndTime(picture.data.captured_at_utc)}
        {!url && t(picture.data?.missing === "pending" ? "editor.pending" : "editor.no_picture")}
        {mine && (
          <button type="button" class="quiet" onClick={() => ask(true)}>
            {t("editor.ask_picture")}
          </button>
        )}
        {mine && picture.data?.missing === "pending" && (
          <button type="button" class="quiet" onClick={picture.again}>
            {t("evidence.again")}
          </button>
        )}
      </p>
      {mine && <p class="rule">{t("editor.keys")}</p>}
      {asking && (
        <PurposeDialog title={t("editor.ask_picture")} onPurpose={askFor} onClose={() => ask(false)} />
      )}
    </section>
  );
}

function outlinesOf(
  settings: CameraSettings,
  draft: Draft,
  choose: (chosen: Chosen) => void,
): readonly Outline[] {
  const crowd = profileCrowd(settings, draft);
  return [
    ...profileMasks(settings).map((polygon) => ({ polygon, look: "fixed" })),
    ...roadOfProfile(settings, draft, () => choose(ROAD)),
    ...profileZones(settings, draft).map(({ id, polygon }) => ({ polygon, look: "zones fixed", label: id })),
    ...(crowd ? [{ polygon: crowd, look: "crowd fixed" }] : []),
    ...choices(draft).flatMap((one) => ownOutline(draft, one, () => choose(one))),
  ];
}

/** Until the camera has a road zone of its own, and as far as the profile's is known. */
function roadOfProfile(settings: CameraSettings, draft: Draft, onChoose: () => void): readonly Outline[] {
  if (draft.road || settings.road_zone_rel) return [];
  return [{ polygon: polygonOf(settings.effective.road_zone_rel), look: "road fixed", onChoose }];
}

function ownOutline(draft: Draft, chosen: Chosen, onChoose: () => void): readonly Outline[] {
  const polygon = shapeOf(draft, chosen);
  const label = chosen.sort === "zones" ? { label: nameOf(draft, chosen) } : {};
  return polygon ? [{ polygon, look: chosen.sort, onChoose, ...label }] : [];
}

export function nameOf(draft: Draft, { sort, at }: Chosen): string {
  if (sort === "zones") return draft.zones[at]?.id ?? "";
  return t(`editor.${sort}`, { n: at + 1 });
}
