/** A form for something new: what the API has against a field is said beside that field. */
import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext, useId, useState } from "preact/hooks";
import { ApiProblem } from "../api/client.ts";
import { fieldOf, fieldProblem } from "../i18n/refusals.ts";
import { app } from "../state/app.ts";
import { explained } from "../state/notices.ts";
import { Failure } from "./failure.tsx";

/** What is wrong, by the name of the field. */
const Problems = createContext<ReadonlyMap<string, string>>(new Map());

interface RequestFormProps<T> {
  readonly path: string;
  readonly submit: string;
  /** What the API is asked for. */
  readonly wish: (form: FormData) => unknown;
  readonly onDone: (made: T) => void;
  readonly children: ComponentChildren;
}

export function RequestForm<T>({ path, submit, wish, onDone, children }: RequestFormProps<T>) {
  const [error, fail] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      onDone(await app().api.post<T>(path, wish(new FormData(event.currentTarget as HTMLFormElement))));
    } catch (refused) {
      fail(refused);
    }
    setBusy(false);
  };
  return (
    <Problems.Provider value={problemsOf(error)}>
      <form class="request panel" onSubmit={send}>
        {children}
        {error !== null && <Failure of={explained(error)} />}
        <div class="buttons">
          <button type="submit" class="primary" disabled={busy}>
            {submit}
          </button>
        </div>
      </form>
    </Problems.Provider>
  );
}

interface FieldParts {
  readonly name: string;
  readonly id: string;
  readonly "aria-describedby": string;
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  /** What the law or the city's rules want of it. */
  readonly hint?: string;
  readonly children: (parts: FieldParts) => JSX.Element;
}

export function Field({ name, label, hint, children }: FieldProps) {
  const problem = useContext(Problems).get(name);
  const [id, about] = [useId(), useId()];
  return (
    <div class="field">
      <label htmlFor={id}>{label}</label>
      {children({ name, id, "aria-describedby": about })}
      <small id={about}>{problem ? <span class="problem">{problem}</span> : hint}</small>
    </div>
  );
}

interface TextFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly most: number;
  readonly value?: string;
}

export function TextField({ most, value, ...field }: TextFieldProps) {
  return (
    <Field {...field}>
      {(parts) => <input {...parts} required maxLength={most} defaultValue={value} autocomplete="off" />}
    </Field>
  );
}

function problemsOf(error: unknown): ReadonlyMap<string, string> {
  const places = (error instanceof ApiProblem && error.problem.errors) || [];
  return new Map(places.map(({ at, problem }) => [fieldOf(at), fieldProblem(problem)]));
}
