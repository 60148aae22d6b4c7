/** One camera: what it looks for, where in its picture and when; drawn here by whoever looks after it. */
import { useState } from "preact/hooks";
import type { CameraSettings } from "../api/types.ts";
import { type Chosen, changedParts, draftOf, faultOf, type Part, ROAD, withShape } from "../camera-draft.ts";
import { t, word } from "../i18n/index.ts";
import { PurposeDialog } from "../parts/purpose-dialog.tsx";
import { SchedulesField } from "../parts/schedules-field.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { may } from "../state/app.ts";
import type { Meeting } from "../state/camera-saving.ts";
import { type CameraDrawing, useDrawing } from "../state/drawing.ts";
import { cameraName, kinds } from "../state/names.ts";
import { useOnce } from "../state/polled.ts";
import { Drawing } from "./camera-drawing.tsx";
import { ProfileField, Shapes, StreetFields } from "./camera-shapes.tsx";

export default function CameraPage({ id }: { id: string }) {
  const settings = useOnce<CameraSettings>(`/cameras/${id}/view`);
  if (!settings.data) return <Waiting refused={settings.refused} />;
  return <Editor id={id} first={settings.data} />;
}

interface EditorProps {
  readonly id: string;
  readonly first: CameraSettings;
}

function Editor({ id, first }: EditorProps) {
  const drawing = useDrawing(id, first);
  const possible = [...kinds.value.values()];
  const [chosen, choose] = useState<Chosen>(ROAD);
  const { settings, draft, met } = drawing;
  const fault = faultOf(draft);
  const shapes = { settings, draft, chosen, onChoose: choose };
  return (
    <>
      <a class="back" href="#/cameras">
        ← {t("cameras.title")}
      </a>
      <EditorHead id={id} drawing={drawing} />
      {met && <Met met={met} onTheirs={drawing.takeTheirs} onClose={drawing.part} />}
      {fault && <p role="alert">{t(`editor.${fault}`)}</p>}
      <div class="editor">
        <Drawing
          id={id}
          {...shapes}
          onDraw={(polygon, isDragged) => drawing.edit(withShape(draft, chosen, polygon), isDragged)}
        />
        <fieldset class="panel plain" disabled={!may("camera.edit")}>
          <ProfileField settings={settings} draft={draft} onEdit={drawing.edit} />
          <Shapes {...shapes} kinds={possible} onEdit={drawing.edit} />
          <StreetFields settings={settings} draft={draft} onEdit={drawing.edit} />
          <h2>{t("editor.schedules")}</h2>
          <SchedulesField
            kinds={possible}
            schedules={draft.schedules}
            onChange={(schedules) => drawing.edit({ ...draft, schedules })}
          />
        </fieldset>
      </div>
    </>
  );
}

function EditorHead({ id, drawing }: { id: string; drawing: CameraDrawing }) {
  const [saving, setSaving] = useState(false);
  const changed = changedParts(draftOf(drawing.settings), drawing.draft);
  return (
    <div class="head">
      <h1>{cameraName(id)}</h1>
      <code>{id}</code>
      {may("camera.edit") && (
        <span class="do">
          <button type="button" disabled={!drawing.canUndo} onClick={drawing.undo}>
            {t("editor.undo")}
          </button>
          <button type="button" disabled={!drawing.canRedo} onClick={drawing.redo}>
            {t("editor.redo")}
          </button>
          <button
            type="button"
            class="primary"
            disabled={changed.length === 0 || faultOf(drawing.draft) !== null}
            onClick={() => setSaving(true)}
          >
            {t("editor.save")}
          </button>
        </span>
      )}
      {saving && (
        <PurposeDialog title={t("editor.save")} onPurpose={drawing.save} onClose={() => setSaving(false)}>
          <p>
            {t("editor.changed", { parts: listed(changed) })} {t("editor.save_rule")}
          </p>
        </PurposeDialog>
      )}
    </div>
  );
}

function listed(parts: readonly Part[]): string {
  return parts.map((one) => word("part_of_view", one)).join(", ");
}

interface MetProps {
  readonly met: Meeting;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}

function Met({ met, onTheirs, onClose }: MetProps) {
  return (
    <div class="panel met" role="alert">
      <strong>{t("editor.met")}</strong>
      <p>{t("editor.met_theirs", { parts: listed(met.theirs) })}</p>
      {met.clashes.length > 0 && <p>{t("editor.met_clashes", { parts: listed(met.clashes) })}</p>}
      <div class="do">
        <button type="button" onClick={onTheirs}>
          {t("editor.take_theirs")}
        </button>
        <button type="button" class="primary" onClick={onClose}>
          {t("editor.keep_mine")}
        </button>
      </div>
    </div>
  );
}
