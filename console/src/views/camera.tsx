/** One camera: what it looks for, where in its picture and when; drawn here by whoever looks after it. */
import { useEffect, useState } from "preact/hooks";
import type { CameraSettings, Kind } from "../api/types.ts";
import { type Chosen, changedParts, type Draft, draftOf, type Part, withShape } from "../camera-draft.ts";
import { begin, did, doing, type History, redo, undo } from "../history.ts";
import { t, word } from "../i18n/index.ts";
import { PurposeDialog } from "../parts/purpose-dialog.tsx";
import { SchedulesField } from "../parts/schedules-field.tsx";
import { isSimple } from "../polygon.ts";
import { cameraName, may } from "../state/app.ts";
import { type Meeting, saveView } from "../state/camera-saving.ts";
import { say } from "../state/notices.ts";
import { useOnce } from "../state/polled.ts";
import { Drawing } from "./camera-drawing.tsx";
import { ProfileField, Shapes } from "./camera-shapes.tsx";

export default function CameraPage({ id }: { id: string }) {
  const settings = useOnce<CameraSettings>(`/cameras/${id}/view`);
  const kinds = useOnce<{ items: readonly Kind[] }>("/kinds").data?.items ?? [];
  if (settings.refused) return <p class="notice">{t("problem.not-found")}</p>;
  if (!settings.data) return <p class="notice">{t("app.starting")}</p>;
  return <Editor id={id} first={settings.data} kinds={kinds} />;
}

interface EditorProps {
  readonly id: string;
  readonly first: CameraSettings;
  readonly kinds: readonly Kind[];
}

function Editor({ id, first, kinds }: EditorProps) {
  const [settings, keep] = useState(first);
  const [history, goOn] = useState<History<Draft>>(begin(draftOf(first)));
  const [chosen, choose] = useState<Chosen>("road");
  const [saving, setSaving] = useState(false);
  const [met, meet] = useState<Meeting | null>(null);
  const mine = may("camera.edit");
  const draft = history.now;
  const edit = (now: Draft) => goOn(did(history, now));
  const begun = (now: CameraSettings, then: Draft) => {
    keep(now);
    goOn(begin(then));
  };
  const save = async (purpose: string) => {
    const saved = await saveView(id, settings, draft, purpose);
    if (saved.clash) {
      begun(saved.clash.now, saved.clash.draft);
      meet(saved.clash);
      return;
    }
    begun(saved.now, draftOf(saved.now));
    meet(null);
    say("done", t("editor.saved"));
  };
  useEffect(
    () =>
      bindUndo(
        () => goOn(undo),
        () => goOn(redo),
      ),
    [],
  );
  const isSound = [draft.road, ...draft.masks.map((one) => one.polygon)].every(
    (one) => !one || isSimple(one),
  );
  const isChanged = changedParts(draftOf(settings), draft).length > 0;
  return (
    <>
      <a class="back" href="#/cameras">
        ← {t("cameras.title")}
      </a>
      <div class="head">
        <h1>{cameraName(id)}</h1>
        <code>{id}</code>
        {mine && (
          <span class="do">
            <button type="button" disabled={!history.past.length} onClick={() => goOn(undo)}>
              {t("editor.undo")}
            </button>
            <button type="button" disabled={!history.future.length} onClick={() => goOn(redo)}>
              {t("editor.redo")}
            </button>
            <button
              type="button"
              class="primary"
              disabled={!isChanged || !isSound}
              onClick={() => setSaving(true)}
            >
              {t("editor.save")}
            </button>
          </span>
        )}
      </div>
      {met && <Met met={met} onTheirs={() => begun(met.now, draftOf(met.now))} onClose={() => meet(null)} />}
      {!isSound && <p role="alert">{t("editor.crossing")}</p>}
      <div class="editor">
        <Drawing
          id={id}
          settings={settings}
          draft={draft}
          chosen={chosen}
          onChoose={choose}
          onDraw={(polygon, isDragged) => {
            const now = withShape(draft, chosen, polygon);
            goOn(isDragged ? doing(history, now) : did(history, now));
          }}
        />
        <fieldset class="panel plain" disabled={!mine}>
          <ProfileField settings={settings} draft={draft} onEdit={edit} />
          <Shapes {...{ settings, draft, chosen, kinds }} onChoose={choose} onEdit={edit} />
          <h2>{t("editor.schedules")}</h2>
          <SchedulesField
            kinds={kinds}
            schedules={draft.schedules}
            onChange={(schedules) => edit({ ...draft, schedules })}
          />
        </fieldset>
      </div>
      {saving && (
        <PurposeDialog title={t("editor.save")} onPurpose={save} onClose={() => setSaving(false)}>
          <p>{t("editor.save_rule")}</p>
        </PurposeDialog>
      )}
    </>
  );
}

interface MetProps {
  readonly met: Meeting;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}

function Met({ met, onTheirs, onClose }: MetProps) {
  const list = (parts: readonly Part[]) => parts.map((one) => word("part_of_view", one)).join(", ");
  const take = () => {
    onTheirs();
    onClose();
  };
  return (
    <div class="panel met" role="alert">
      <strong>{t("editor.met")}</strong>
      <p>{t("editor.met_theirs", { parts: list(met.theirs) })}</p>
      {met.clashes.length > 0 && <p>{t("editor.met_clashes", { parts: list(met.clashes) })}</p>}
      <div class="do">
        <button type="button" onClick={take}>
          {t("editor.take_theirs")}
        </button>
        <button type="button" class="primary" onClick={onClose}>
          {t("editor.keep_mine")}
        </button>
      </div>
    </div>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z, but never those of a field that somebody writes in. */
function bindUndo(undoIt: () => void, redoIt: () => void): () => void {
  const typed = (event: KeyboardEvent) => {
    const isWriting = event.target instanceof Element && event.target.matches("input, textarea");
    if (isWriting || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) redoIt();
    else undoIt();
  };
  addEventListener("keydown", typed);
  return () => removeEventListener("keydown", typed);
}
