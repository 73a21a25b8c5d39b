import { useState } from "preact/hooks";
import { countText } from "./words.js";

const shown = 20_000;

/** A text of strangers: nothing in it is more than text, and its direction does not reach beyond it. */
export function LongText({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(false);
  const isCut = !isWhole && text.length > shown;
  return (
    <>
      <pre class="text" dir="auto">
        {isCut ? text.slice(0, shown) : text}
      </pre>
      {isCut ? (
        <button type="button" class="plain" onClick={() => setWhole(true)}>
          Show all {countText(text.length)} characters
        </button>
      ) : null}
    </>
  );
}
