/** What calls people back to the page: a number in the title, and a sound that goes on until somebody takes it. */
import { computed, effect, signal } from "@preact/signals";
import { t } from "../i18n/index.ts";
import { waiting } from "./incidents.ts";
import { every } from "./polled.ts";

const REPEAT_MS = 8000;

/** Off until a click: browsers let no page sound before, and neither do people. */
export const sound = signal(false);

/** Incidents that wait for this very person. */
export const calling = computed(() =>
  waiting.value.filter((one) => one.actions.includes("acknowledge") || one.actions.includes("confirm")),
);

let audio: AudioContext | null = null;

export function toggleSound(): void {
  sound.value = !sound.value;
  audio ??= new AudioContext();
  if (sound.value) chime();
}

export function startAlarm(): void {
  const known = new Set<string>();
  effect(() => {
    const count = calling.value.length;
    document.title = count ? `(${count}) ${t("app.name")}` : t("app.name");
  });
  effect(() => {
    const news = calling.value.filter((one) => !known.has(one.id));
    for (const one of news) known.add(one.id);
    if (news.length) chime();
  });
  every(REPEAT_MS, () => {
    if (calling.value.length) chime();
  });
}

/** Two soft tones, a fifth apart. */
function chime(): void {
  if (!sound.peek() || !audio) return;
  for (const [delay, pitch] of [
    [0, 587],
    [0.16, 880],
  ] as const) {
    const [tone, gain, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + delay];
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  }
}
