/** A picture that the API lent for some minutes, with what was found in it, small on a page or as large as wished. */
import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { labelled } from "../state/names.ts";
import { Dialog } from "./dialog.tsx";

export interface Box {
  readonly label: string;
  readonly box_rel: readonly number[];
}

interface PictureProps {
  readonly url: string;
  readonly alt: string;
  readonly boxes?: readonly Box[];
  /** It can't be shown: its address has run out, most likely. */
  readonly onLost?: () => void;
}

export function Picture({ url, alt, boxes = [], onLost }: PictureProps) {
  return (
    <span class="picture">
      <img src={url} alt={alt} onError={onLost} />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {boxes.map(({ label, box_rel: [left = 0, top = 0, right = 0, bottom = 0] }) => (
          <rect
            key={`${label}/${left}/${top}`}
            x={left}
            y={top}
            width={right - left}
            height={bottom - top}
            vector-effect="non-scaling-stroke"
          />
        ))}
      </svg>
    </span>
  );
}

const ZOOMS = [1, 2, 4, 8];

interface ViewerProps extends PictureProps {
  readonly title: string;
  readonly onClose: () => void;
}

/** As large as the screen or larger; what is larger is scrolled, by finger, wheel or keys. */
export function Viewer({ title, onClose, boxes = [], ...picture }: ViewerProps) {
  const [zoom, setZoom] = useState(1);
  const [areShown, show] = useState(true);
  const found = [...new Set(boxes.map((one) => labelled(one.label)))].join(", ");
  return (
    <Dialog title={title} onClose={onClose} wide>
      <div class="viewer-bar">
        {ZOOMS.map((one) => (
          <button key={one} type="button" aria-pressed={zoom === one} onClick={() => setZoom(one)}>
            {one}×
          </button>
        ))}
        {boxes.length > 0 && (
          <label class="check">
            <input type="checkbox" checked={areShown} onChange={() => show(!areShown)} />
            <span>{t("evidence.boxes", { found })}</span>
          </label>
        )}
        <button type="button" class="quiet" onClick={onClose}>
          {t("keys.close")}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="viewer" data-zoom={zoom} tabIndex={0} aria-label={picture.alt}>
        <Picture {...picture} boxes={areShown ? boxes : []} />
      </section>
    </Dialog>
  );
}
