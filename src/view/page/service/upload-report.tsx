import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { CheckedUpload, UploadFinding } from "../../wire/service.js";
import { bytesText, countText } from "../words.js";

interface UploadReportProps {
  readonly checked: CheckedUpload;
  readonly isUnderWay: boolean;
  readonly failure: string | undefined;
  readonly onCreate: () => void;
  readonly onLeave: () => void;
}

/** What was found in a batch file, before anything is made of it. */
export function UploadReport({ checked, isUnderWay, failure, onCreate, onLeave }: UploadReportProps) {
  const { name, errors, findings, omitted, endpoint } = checked;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <section aria-label="New batch">
      <h2 tabIndex={-1} ref={heading}>
        {name}: {toVerdict(checked)}
      </h2>
      <p class="facts">{listFacts(checked).join(" · ")}</p>
      {findings.length === 0 ? null : <Findings findings={findings} />}
      {omitted === 0 ? null : <p class="facts">{countText(omitted)} more are not listed.</p>}
      {errors === 0 ? null : (
        <p>
          Nothing was made of it. Mend the file and choose it again; openbatch validate --fix mends what can
          be mended.
        </p>
      )}
      <p class="buttons">
        <button
          type="button"
          class={errors === 0 ? "main" : ""}
          disabled={isUnderWay || endpoint === undefined}
          onClick={onCreate}
        >
          {errors === 0 ? "Create the batch" : "Create the batch all the same"}
        </button>
        <button type="button" disabled={isUnderWay} onClick={onLeave}>
          {errors === 0 ? "Leave it" : "Choose another file"}
        </button>
      </p>
      {failure === undefined ? null : (
        <p role="alert" class="refused">
          {failure}
        </p>
      )}
    </section>
  );
}

function toVerdict({ errors, warnings, notes }: CheckedUpload): string {
  const counts = [
    [errors, "error"] as const,
    [warnings, "warning"] as const,
    [notes, "note"] as const,
  ].filter(([count]) => count > 0);
  if (counts.length === 0) return "nothing is wrong with it";
  return counts.map(([count, word]) => `${countText(count)} ${word}${count === 1 ? "" : "s"}`).join(", ");
}

function listFacts({ requests, endpoint, models, bytes }: CheckedUpload): readonly string[] {
  const names = Object.keys(models);
  return [
    `${countText(requests)} ${requests === 1 ? "request" : "requests"}`,
    bytesText(bytes),
    ...(endpoint === undefined ? [] : [endpoint]),
    ...(names.length === 0
      ? []
      : [names.length < 4 ? names.join(", ") : `${countText(names.length)} models`]),
  ];
}

function Findings({ findings }: { readonly findings: readonly UploadFinding[] }) {
  return (
    <div class="wide findings" tabIndex={0} role="region" aria-label="Findings">
      <table>
        <thead>
          <tr>
            {["Line", "Request", "Code", "Where", "What is wrong"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {findings.map(({ severity, code, line, lineCount, custom_id, path, message, hint }, index) => (
            <tr key={index}>
              <td>
                {line === undefined ? "–" : countText(line)}
                {lineCount > 1 ? <small>and {countText(lineCount - 1)} more</small> : null}
              </td>
              <td class="name">{custom_id ?? "–"}</td>
              <td>
                <span class={`badge is-${severity}`}>{severity}</span>
                <small>{code}</small>
              </td>
              <td class="path">{path === "" ? "–" : <BreakablePath path={path} />}</td>
              <td>
                {message}
                <small>{hint}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A path that a narrow column breaks between its members, and not within a word. */
function BreakablePath({ path }: { readonly path: string }) {
  return path.split(/(?<=\.)|(?=\[)/).map((member, index) => (
    <Fragment key={index}>
      <wbr />
      {member}
    </Fragment>
  ));
}
