/** A number of the camera's own; left empty it is the profile's, which stands there in grey. */
interface NumberOrProfileProps {
  readonly label: string;
  readonly value: number | null;
  readonly ofProfile: string;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number | null) => void;
}

export function NumberOrProfile({ label, value, ofProfile, min, max, onChange }: NumberOrProfileProps) {
  const read = ({ value: text, valueAsNumber, validity }: HTMLInputElement) => {
    if (text === "" && !validity.badInput) onChange(null);
    else if (validity.valid) onChange(valueAsNumber);
  };
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        min={min}
        max={max}
        step={1}
        value={value ?? ""}
        placeholder={ofProfile}
        onChange={(event) => read(event.currentTarget)}
      />
    </label>
  );
}
