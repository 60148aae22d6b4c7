/** Sentences of the API in Vietnamese: it tells them in English, a handful of each sort. A new one is shown as it is. */
import { language } from "./index.ts";

/** What the API writes, and how it is said here with `$1` and so on in place of what differs. */
export type Sentences = readonly (readonly [pattern: RegExp, said: string])[];

export function said(sentences: Sentences, text: string): string {
  if (language.value !== "vi") return text;
  const found = sentences.find(([pattern]) => pattern.test(text));
  return found ? text.replace(found[0], found[1]) : text;
}
