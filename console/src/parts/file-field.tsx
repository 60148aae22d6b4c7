/** A file to choose, in our own words: a browser's button speaks the browser's language. */
interface FileFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  readonly disabled?: boolean;
  readonly onChoose: (file: File) => void;
}

export function FileField({ label, hint, accept, disabled, onChoose }: FileFieldProps) {
  const chosen = (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (file) onChoose(file);
    input.value = "";
  };
  return (
    <div class="field">
      <label class="button file">
        {label}
        <input
          type="file"
          class="unseen"
          accept={accept}
          disabled={disabled}
          onChange={(event) => chosen(event.currentTarget)}
        />
      </label>
      <small>{hint}</small>
    </div>
  );
}
