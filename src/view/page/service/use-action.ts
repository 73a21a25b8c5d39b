import { useRef, useState } from "preact/hooks";
import { NoKeyError, RefusedError } from "../ask.js";

/** Something that the server is asked to do. */
export interface Action {
  readonly isUnderWay: boolean;
  /** Why it was not done. */
  readonly failure: string | undefined;
  /** Does it, unless something of the kind is under way. */
  readonly act: (work: () => Promise<void>) => void;
}

export function useAction(): Action {
  const [isUnderWay, setUnderWay] = useState(false);
  const [failure, setFailure] = useState<string>();
  // A second click may come before the page is drawn anew.
  const isBusy = useRef(false);
  const act = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    setUnderWay(true);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(toFailureText(error));
    } finally {
      isBusy.current = false;
      setUnderWay(false);
    }
  };
  return { isUnderWay, failure, act: (work) => void act(work) };
}

function toFailureText(error: unknown): string {
  if (error instanceof RefusedError) return error.message;
  if (error instanceof NoKeyError) return "This page has no key: open the link that was printed.";
  return "The server did not answer. Whether it was done, the list tells.";
}
