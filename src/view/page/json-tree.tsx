import type { DetailIssue } from "../wire/row-detail.js";
import { LongText } from "./long-text.js";
import { countText } from "./words.js";

const maxItems = 200;
const maxLevels = 20;

interface JsonTreeProps {
  readonly value: unknown;
  readonly issues: readonly DetailIssue[];
  readonly level?: number;
}

/** A value of JSON as nested lists; where a schema complains of something, it says so. */
export function JsonTree({ value, issues, level = 0 }: JsonTreeProps) {
  const here = issues.filter(({ path }) => path.length === 0);
  return (
    <>
      {here.map(({ message }) => (
        <strong key={message} class="issue">
          {message}
        </strong>
      ))}
      <Value {...{ value, issues, level }} />
    </>
  );
}

function Value({ value, issues, level }: Required<JsonTreeProps>) {
  if (typeof value === "string") return <LongText text={value} />;
  if (typeof value !== "object" || value === null) return <code>{String(value)}</code>;
  const members = Object.entries(value);
  if (members.length === 0 && issues.length === 0) return <code>{Array.isArray(value) ? "[]" : "{}"}</code>;
  if (level >= maxLevels) return <LongText text={JSON.stringify(value)} />;
  const known = new Set(members.map(([key]) => key));
  // What the schema misses is shown where it would be.
  const missed = new Set(
    issues.flatMap(({ path: [key] }) => (key === undefined || known.has(key) ? [] : [key])),
  );
  return (
    <dl class="json">
      {members.slice(0, maxItems).map(([key, member]) => {
        const inside = issues.flatMap(({ path: [first, ...rest], message }) =>
          first === key ? [{ path: rest, message }] : [],
        );
        return (
          <div key={key} class={inside.some(({ path }) => path.length === 0) ? "has-issue" : ""}>
            <dt>{key}</dt>
            <dd>
              <JsonTree value={member} issues={inside} level={level + 1} />
            </dd>
          </div>
        );
      })}
      {[...missed].map((key) => (
        <div key={`missed ${key}`} class="has-issue">
          <dt>{key}</dt>
          <dd>
            {issues
              .filter(({ path }) => path[0] === key)
              .map(({ message }) => (
                <strong key={message} class="issue">
                  {message}
                </strong>
              ))}
          </dd>
        </div>
      ))}
      {members.length > maxItems ? <div>{countText(members.length - maxItems)} more</div> : null}
    </dl>
  );
}
