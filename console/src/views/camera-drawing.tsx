/** The camera's picture, or a grid, with its shapes to draw on. */
import { useState } from "preact/hooks";
import type { CameraPicture, CameraSettings } from "../api/types.ts";
import { type Chosen, type Draft, polygonOf, profileMasks, shapeOf, zonesOf } from "../camera-draft.ts";
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
        name={nameOf(chosen)}
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
  const road = draft.road ?? polygonOf(settings.effective.road_zone_rel);
  const isKnown = draft.road !== null || settings.road_zone_rel === null;
  return [
    ...profileMasks(settings).map((polygon) => ({ polygon, look: "fixed" })),
    ...(isKnown
      ? [
          {
            polygon: road,
            look: draft.road ? "road" : "road fixed",
            onChoose: () => choose("road"),
          },
        ]
      : []),
    ...zonesOf(settings, draft).map((polygon) => ({ polygon, look: "road fixed" })),
    ...draft.masks.map(({ polygon }, at) => ({
      polygon,
      look: "mask",
      onChoose: () => choose(at),
    })),
  ];
}

export function nameOf(chosen: Chosen): string {
  return chosen === "road" ? t("editor.road") : t("editor.mask", { n: chosen + 1 });
}
