/** Saves what was drawn on a camera, on top of what others saved meanwhile. */
import { currentOf } from "../api/client.ts";
import type { CameraSettings } from "../api/types.ts";
import { changedParts, type Draft, draftOf, merged, type Part, wishOf } from "../camera-draft.ts";
import { app } from "./app.ts";

/** Somebody else saved meanwhile: what they changed, and where both of us did. */
export interface Meeting {
  readonly now: CameraSettings;
  readonly draft: Draft;
  readonly theirs: readonly Part[];
  readonly clashes: readonly Part[];
}

export type Saved = { readonly now: CameraSettings; readonly clash: null } | { readonly clash: Meeting };

/** Save it. A new version of the city pack that left this camera alone is nobody's business here. */
export async function saveView(
  id: string,
  seen: CameraSettings,
  draft: Draft,
  purpose: string,
): Promise<Saved> {
  const path = `/cameras/${id}/view`;
  try {
    const now = await app().api.put<CameraSettings>(path, wishOf(draft, purpose), seen.version);
    return { now, clash: null };
  } catch (error) {
    const now = currentOf<CameraSettings>(error);
    if (!now) throw error;
    const theirs = changedParts(draftOf(seen), draftOf(now));
    if (theirs.length === 0) return saveView(id, now, draft, purpose);
    return { clash: { now, theirs, ...merged(draftOf(seen), draft, draftOf(now)) } };
  }
}
