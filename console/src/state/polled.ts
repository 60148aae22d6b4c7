/** Things that are read again and again, one request at a time. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type ApiProblem, isFinal } from "../api/client.ts";
import { app } from "./app.ts";
import { refuse } from "./notices.ts";

/** Do something now and then every so often after it was done; gives what stops it. */
export function every(ms: number, what: () => unknown): () => void {
  let stopped = false;
  let timer = 0;
  const round = async () => {
    await Promise.resolve(what()).catch((error) => console.warn(error));
    if (!stopped) timer = window.setTimeout(round, ms);
  };
  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

export interface Polled<T> {
  readonly data: T | null;
  /** The API's refusal, such as 404; what may be otherwise in a moment is tried again without a word. */
  readonly refused: ApiProblem | null;
  /** Show a newer state at once. */
  readonly set: (data: T) => void;
}

/** What the API says under a path, kept fresh while it is shown. An empty path asks nothing. */
export function usePolled<T>(
  path: string,
  ms: number,
  read: (path: string) => Promise<T> = defaultRead,
): Polled<T> {
  const [kept, keep] = useState<{ path: string; data: T | null; refused: ApiProblem | null }>(EMPTY);
  useEffect(() => {
    if (!path) return;
    return every(ms, async () => {
      try {
        keep({ path, data: await read(path), refused: null });
      } catch (error) {
        if (isFinal(error)) keep({ path, data: null, refused: error });
      }
    });
  }, [path, ms]);
  const current = kept.path === path ? kept : EMPTY;
  return { data: current.data, refused: current.refused, set: (data) => keep({ path, data, refused: null }) };
}

export interface Asked<T> {
  readonly data: T | null;
  readonly refused: ApiProblem | null;
  readonly again: () => void;
  /** For addresses that have run out: asks again, but never round and round. */
  readonly renew: () => void;
}

const RUNS_OUT_MS = 60_000;

/** What the API says under a path, asked for once and again only when wanted: such looks are in the audit. */
export function useOnce<T>(path: string): Asked<T> {
  const [kept, keep] = useState<{ path: string; data: T | null; refused: ApiProblem | null }>(EMPTY);
  const askedMs = useRef(0);
  const again = () => {
    if (!path) return;
    askedMs.current = Date.now();
    defaultRead<T>(path).then(
      (data) => keep({ path, data, refused: null }),
      (error) => (isFinal(error) ? keep({ path, data: null, refused: error }) : refuse(error)),
    );
  };
  const renew = () => {
    if (Date.now() - askedMs.current > RUNS_OUT_MS) again();
  };
  useEffect(again, [path]);
  const current = kept.path === path ? kept : EMPTY;
  return { data: current.data, refused: current.refused, again, renew };
}

const EMPTY = { path: "", data: null, refused: null };

function defaultRead<T>(path: string): Promise<T> {
  return app().api.get<T>(path);
}
