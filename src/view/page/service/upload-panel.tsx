import { useEffect, useRef, useState } from "preact/hooks";
import type { CheckedUpload } from "../../wire/service.js";
import { bytesText } from "../words.js";
import { openBatch } from "./open-batch.js";
import type { ServiceData } from "./service-data.js";
import { UploadReport } from "./upload-report.js";
import { useAction } from "./use-action.js";

/** Takes a batch file, shows what is found in it, and makes a batch of it when that is wanted. */
export function UploadPanel({ service }: { readonly service: ServiceData }) {
  const [file, setFile] = useState<File>();
  const [checked, setChecked] = useState<CheckedUpload>();
  const { isUnderWay, failure, act } = useAction();
  const stop = useRef<AbortController | undefined>(undefined);
  const leave = (): void => {
    stop.current?.abort();
    if (checked !== undefined) service.discard(checked.id).catch(() => undefined);
    setChecked(undefined);
    setFile(undefined);
  };
  const take = (files: FileList | null | undefined): void => {
    const taken = files?.[0];
    if (taken === undefined || isUnderWay) return;
    leave();
    setFile(taken);
    const control = new AbortController();
    stop.current = control;
    act(async () => setChecked(await service.check(taken, control.signal)));
  };
  const isDragged = useDrop(take);
  if (checked !== undefined)
    return (
      <UploadReport
        {...{ checked, isUnderWay, failure }}
        onCreate={() => act(async () => openBatch(await service.create(checked.id)))}
        onLeave={leave}
      />
    );
  return (
    <section aria-label="New batch">
      <label class={`drop ${isDragged ? "is-dragged" : ""}`}>
        <input
          type="file"
          class="hidden"
          accept=".jsonl"
          disabled={isUnderWay}
          onChange={(event) => {
            take(event.currentTarget.files);
            // The same file can be chosen again, once it was mended.
            event.currentTarget.value = "";
          }}
        />
        <b>Drop a batch file here, or choose one</b>
        <span>It is checked first. Nothing is made of it before you say so.</span>
      </label>
      <div role="status">
        {isUnderWay ? (
          <label class="progress">
            Sending and checking {file?.name}, {bytesText(file?.size ?? 0)} <progress />
          </label>
        ) : null}
      </div>
      {failure === undefined ? null : (
        <p role="alert" class="refused">
          {file?.name}: {failure}
        </p>
      )}
    </section>
  );
}

/** A file may be dropped anywhere in the page. */
function useDrop(take: (files: FileList | undefined) => void): boolean {
  const [isDragged, setDragged] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    // Without that the browser would open the file in the place of the page.
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setDragged(true);
    };
    const out = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDragged(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setDragged(false);
      latest.current(event.dataTransfer?.files);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", out);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", out);
      removeEventListener("drop", drop);
    };
  }, []);
  return isDragged;
}
