/** The page's words, times and ages, in the language that the person chose; Vietnamese unless they did. */
import { effect, signal } from "@preact/signals";
import { en } from "./en.ts";
import { type Key, vi } from "./vi.ts";

export type { Key };
export type Language = "vi" | "en";

const CATALOGUES = { vi, en } as const;
const KEPT = "matpho.language";

export const language = signal<Language>(localStorage.getItem(KEPT) === "en" ? "en" : "vi");

effect(() => {
  document.documentElement.lang = language.value;
  localStorage.setItem(KEPT, language.value);
});

export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return CATALOGUES[language.value][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A word of the API (`status.open`); one that the catalogue doesn't know yet is shown as it is. */
export function word(group: string, value: string): string {
  const key = `${group}.${value}`;
  return key in vi ? t(key as Key) : value.replaceAll("_", " ");
}

/** The one of two names that fits the language. */
export function named(thing: { readonly name_vi: string; readonly name_en: string }): string {
  return language.value === "vi" ? thing.name_vi : thing.name_en;
}

const ZONE = "Asia/Ho_Chi_Minh";

export function time(instant: string | number): string {
  return format(instant, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function dayAndTime(instant: string | number): string {
  return format(instant, { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });
}

/** How long something takes or has lasted: `45 giây`, `12 phút`, `3 giờ 5 phút`. */
export function duration(seconds: number): string {
  const words = language.value === "vi" ? [" giây", " phút", " giờ"] : [" s", " min", " h"];
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}${words[0]}`;
  if (whole < 3600) return `${Math.floor(whole / 60)}${words[1]}`;
  const minutes = Math.floor((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)}${words[2]}${minutes ? ` ${minutes}${words[1]}` : ""}`;
}

export function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

function format(instant: string | number, options: Intl.DateTimeFormatOptions): string {
  const locale = language.value === "vi" ? "vi-VN" : "en-GB";
  return new Intl.DateTimeFormat(locale, { ...options, hour12: false, timeZone: ZONE }).format(
    new Date(instant),
  );
}
