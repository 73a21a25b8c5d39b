import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ServedBatch } from "../../wire/service.js";
import { openBatch } from "./open-batch.js";
import type { DownloadKind, ServiceData } from "./service-data.js";
import { useAction } from "./use-action.js";

interface BatchActionsProps {
  readonly batch: ServedBatch;
  readonly service: ServiceData;
}

/** What can be done with a batch. */
export function BatchActions({ batch, service }: BatchActionsProps) {
  const { id, isAtEnd, state, canRetry, retriedBy } = batch;
  const { isUnderWay, failure, act } = useAction();
  return (
    <>
      <p class="buttons">
        {isAtEnd || state === "cancelling" ? null : (
          <Confirmed
            name="Cancel"
            question="Send no more of it, and end it with what there is?"
            isDisabled={isUnderWay}
            onConfirm={() => act(() => service.cancel(id))}
          />
        )}
        {canRetry && retriedBy === undefined ? (
          <Confirmed
            name="Send again what failed"
            question="Make a new batch of what failed and may go well?"
            isDisabled={isUnderWay}
            onConfirm={() => act(async () => openBatch(await service.retry(id)))}
          />
        ) : null}
        {listDownloads(batch).map(([kind, name]) => (
          <button
            key={kind}
            type="button"
            disabled={isUnderWay}
            onClick={() => act(() => service.download(id, kind))}
          >
            {name}
          </button>
        ))}
      </p>
      {failure === undefined ? null : (
        <p role="alert" class="refused">
          {failure}
        </p>
      )}
    </>
  );
}

function listDownloads({ hasOutput, hasErrors, completed, failed, hidden }: ServedBatch) {
  const hasTable = completed + failed > 0 && hidden === undefined;
  const all: readonly (readonly [DownloadKind, string, boolean])[] = [
    ["output", "Save output", hasOutput],
    ["errors", "Save errors", hasErrors],
    ["csv", "Save as CSV", hasTable],
    ["xlsx", "Save for Excel", hasTable],
  ];
  return all.filter(([, , isThere]) => isThere);
}

interface ConfirmedProps {
  readonly name: string;
  readonly question: string;
  readonly isDisabled: boolean;
  readonly onConfirm: () => void;
}

/** What cannot be taken back, or may cost something, is asked about. */
function Confirmed({ name, question, isDisabled, onConfirm }: ConfirmedProps) {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked)
    return (
      <button type="button" disabled={isDisabled} onClick={() => setAsked(true)}>
        {name}
      </button>
    );
  const answer = (isMeant: boolean): void => {
    setAsked(false);
    if (isMeant) onConfirm();
  };
  return <Question name={name} question={question} onAnswer={answer} />;
}

interface QuestionProps extends Pick<ConfirmedProps, "name" | "question"> {
  readonly onAnswer: (isMeant: boolean) => void;
}

function Question({ name, question, onAnswer }: QuestionProps) {
  const yes = useRef<HTMLButtonElement>(null);
  // The button that was pressed is gone.
  useLayoutEffect(() => yes.current?.focus(), []);
  return (
    <span role="group" aria-label={name} class="question">
      {question}{" "}
      <button type="button" class="main" ref={yes} onClick={() => onAnswer(true)}>
        Yes
      </button>{" "}
      <button type="button" onClick={() => onAnswer(false)}>
        No
      </button>
    </span>
  );
}
