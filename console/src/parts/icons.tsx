/** The few pictograms of the bar, drawn, because a wall screen's fonts may have none. */
const STROKES = {
  bell: "M6 10a6 6 0 0 1 12 0c0 5 2 6 2 6H4s2-1 2-6M10 20a2.200 2.200 0 0 0 4 0",
  bellOff: "M6 10a6 6 0 0 1 12 0c0 5 2 6 2 6H4s2-1 2-6M10 20a2.200 2.200 0 0 0 4 0M4 3l17 18",
  wall: "M3 5h18v11H3zM8 20h8M12 16v4",
  theme: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  keys: "M2.500 6.500h19v11h-19zM6 10h.01M10 10h.01M14 10h.01M18 10h.01M7 14h10",
  close: "M6 6l12 12M18 6L6 18",
} as const;

export type IconName = keyof typeof STROKES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="drawn" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={STROKES[name]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
    </svg>
  );
}
