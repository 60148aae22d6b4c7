/** Calls the API: a token on each request, ETags on what is read again and again, problems as errors. */
import type { Session } from "../auth.ts";
import type { Page, Problem } from "./types.ts";

export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** On a conflict the thing as it is now, if that is what the error tells. */
export function currentOf<T>(error: unknown): T | null {
  const isConflict = error instanceof ApiProblem && error.status === 409;
  return isConflict ? (error.problem.current as T | null) : null;
}

/** The network, not the API, failed. */
export class Unreachable extends Error {}

interface Kept {
  readonly etag: string;
  readonly body: unknown;
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export class Api {
  readonly #base: string;
  readonly #session: Session;
  readonly #kept = new Map<string, Kept>();
  /** The keys of what was asked for and perhaps done: nobody heard the answer. */
  readonly #unsure = new Map<string, string>();
  /** How far the server's clock is ahead of this machine's. */
  skewMs = 0;

  constructor(base: string, session: Session) {
    this.#base = base;
    this.#session = session;
  }

  /** Read something; the very same object again when the API says that nothing changed. */
  async get<T>(path: string, query: Query = {}): Promise<T> {
    const address = `${path}${asQuery(query)}`;
    const kept = this.#kept.get(address);
    const response = await this.#send("GET", address, kept ? { "If-None-Match": kept.etag } : {});
    if (response.status === 304 && kept) return kept.body as T;
    const body = await response.json();
    const etag = response.headers.get("ETag");
    if (etag) this.#keep(address, { etag, body });
    return body as T;
  }

  /** Something as the API writes it, such as CAP. */
  async text(path: string): Promise<string> {
    return (await this.#send("GET", path, {})).text();
  }

  /** All pages of a list. */
  async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<T> = await this.get<Page<T>>(path, { limit: "200", ...query, cursor });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor);
    return items;
  }

  /** Ask for something to be done, once, however often the network makes us, or the person, ask. */
  async post<T>(path: string, body?: unknown): Promise<T> {
    const text = JSON.stringify(body);
    const asked = `${path} ${text}`;
    const key = this.#unsure.get(asked) ?? crypto.randomUUID();
    this.#unsure.set(asked, key);
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
    const send = () => this.#send("POST", path, headers, text);
    const response = await send().catch((error) => {
      if (error instanceof Unreachable) return send();
      if (isFinal(error)) this.#unsure.delete(asked);
      throw error;
    });
    this.#unsure.delete(asked);
    return (await response.json()) as T;
  }

  /** Replace something of which a version was seen; refused with 409 when it has become another since. */
  async put<T>(path: string, body: unknown, version: string): Promise<T> {
    const headers = { "Content-Type": "application/json", "If-Match": `"${version}"` };
    return (await this.#send("PUT", path, headers, JSON.stringify(body))).json() as Promise<T>;
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Response> {
    const authorised = { ...headers, Authorization: `Bearer ${await this.#session.token()}` };
    const request = { method, headers: authorised, body: body ?? null, cache: "no-store" as const };
    const response = await fetch(`${this.#base}${path}`, request).catch((error) => {
      throw new Unreachable(String(error));
    });
    const date = response.headers.get("Date");
    if (date) this.skewMs = Date.parse(date) - Date.now();
    if (response.status === 401) {
      await this.#session.signInAgain();
      return this.#send(method, path, headers, body);
    }
    if (!response.ok && response.status !== 304) throw new ApiProblem(await readProblem(response));
    return response;
  }

  #keep(address: string, kept: Kept): void {
    this.#kept.delete(address);
    this.#kept.set(address, kept);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

const MOST_KEPT = 100;

/** Whether it would be the same if it were asked again. */
export function isFinal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.status < 500 && error.status !== 429;
}

function asQuery(query: Query): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value ?? []].flat()) words.append(name, one);
  }
  const text = words.toString();
  return text && `?${text}`;
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    const { status, statusText } = response;
    return {
      type: "about:blank",
      title: statusText,
      status,
      detail: statusText,
      request_id: "",
      errors: null,
      current: null,
    };
  }
}
