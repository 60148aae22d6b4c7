/** The corners of a polygon in numbers, for whoever can't or won't drag them. */
import { t } from "../i18n/index.ts";
import { addCorner, canLose, moveCorner, type Polygon, removeCorner } from "../polygon.ts";
import { percentOf } from "./polygon-surface.tsx";

interface CornerTableProps {
  readonly polygon: Polygon;
  readonly onDraw: (polygon: Polygon) => void;
}

export function CornerTable({ polygon, onDraw }: CornerTableProps) {
  return (
    <table class="corners">
      <thead>
        <tr>
          <th scope="col">{t("editor.corner_number")}</th>
          <th scope="col">{t("editor.x")}</th>
          <th scope="col">{t("editor.y")}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {polygon.map(([x, y], at) => (
          <tr key={at}>
            <th scope="row">{at + 1}</th>
            <td>
              <Share
                label={t("editor.x_of", { n: at + 1 })}
                share={x}
                onChange={(now) => onDraw(moveCorner(polygon, at, [now, y]))}
              />
            </td>
            <td>
              <Share
                label={t("editor.y_of", { n: at + 1 })}
                share={y}
                onChange={(now) => onDraw(moveCorner(polygon, at, [x, now]))}
              />
            </td>
            <td>
              <button
                type="button"
                class="quiet"
                aria-label={t("editor.add_after", { n: at + 1 })}
                onClick={() => onDraw(addCorner(polygon, at))}
              >
                +
              </button>
              <button
                type="button"
                class="quiet"
                disabled={!canLose(polygon)}
                aria-label={t("editor.remove_corner", { n: at + 1 })}
                onClick={() => onDraw(removeCorner(polygon, at))}
              >
                −
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ShareProps {
  readonly label: string;
  readonly share: number;
  readonly onChange: (share: number) => void;
}

function Share({ label, share, onChange }: ShareProps) {
  return (
    <input
      type="number"
      min={0}
      max={100}
      step={0.1}
      required
      aria-label={label}
      value={percentOf(share)}
      onChange={(event) => onChange(event.currentTarget.valueAsNumber / 100 || 0)}
    />
  );
}
