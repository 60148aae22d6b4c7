/** What is being drawn on a camera: undone, done again, saved, and met by what somebody else saved. */
import { useEffect, useState } from "preact/hooks";
import type { CameraSettings } from "../api/types.ts";
import { type Draft, draftOf } from "../camera-draft.ts";
import { begin, did, doing, type History, redo, undo } from "../history.ts";
import { t } from "../i18n/index.ts";
import { type Meeting, saveView } from "./camera-saving.ts";
import { say } from "./notices.ts";

export interface CameraDrawing {
  /** As they were last read or saved. */
  readonly settings: CameraSettings;
  readonly draft: Draft;
  /** What somebody else saved while this was drawn, until it is looked at. */
  readonly met: Meeting | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Go on; a drag that goes on is no step of its own. */
  readonly edit: (draft: Draft, isDragged?: boolean) => void;
  readonly save: (purpose: string) => Promise<void>;
  readonly takeTheirs: () => void;
  readonly part: () => void;
}

export function useDrawing(id: string, first: CameraSettings): CameraDrawing {
  const [settings, keep] = useState(first);
  const [history, goOn] = useState<History<Draft>>(begin(draftOf(first)));
  const [met, meet] = useState<Meeting | null>(null);
  const start = (now: CameraSettings, draft: Draft, other: Meeting | null) => {
    keep(now);
    goOn(begin(draft));
    meet(other);
  };
  const save = async (purpose: string) => {
    const saved = await saveView(id, settings, history.now, purpose);
    if (saved.clash) return start(saved.clash.now, saved.clash.draft, saved.clash);
    start(saved.now, draftOf(saved.now), null);
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
  return {
    settings,
    draft: history.now,
    met,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    undo: () => goOn(undo),
    redo: () => goOn(redo),
    edit: (draft, isDragged = false) => goOn(isDragged ? doing(history, draft) : did(history, draft)),
    save,
    takeTheirs: () => start(settings, draftOf(settings), null),
    part: () => meet(null),
  };
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
