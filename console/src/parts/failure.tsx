/** What went wrong, said where it was asked for. */
import type { Explained } from "../state/notices.ts";

export function Failure({ of: { title, lines } }: { of: Explained }) {
  return (
    <div class="problem" role="alert">
      <p>{title}</p>
      <ul>
        {lines.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}
