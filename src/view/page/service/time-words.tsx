import { clockText, spanText } from "../words.js";

/** How long ago something was. */
export function Ago({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return null;
  return <Time at={at}>{spanText(Date.now() - Date.parse(at))} ago</Time>;
}

/** How long it is until something. */
export function Left({ until, word }: { readonly until: string; readonly word: "in" | "for" }) {
  const leftMs = Date.parse(until) - Date.now();
  return <Time at={until}>{leftMs <= 0 ? "now" : `${word} ${spanText(leftMs)}`}</Time>;
}

interface AtProps {
  readonly at: string;
  /** What it is within. */
  readonly from: string;
  readonly until: string;
}

/** The time of day at which something was. */
export function At({ at, from, until }: AtProps) {
  const span = { from: Date.parse(from), until: Date.parse(until) };
  return <Time at={at}>{clockText(Date.parse(at), span)}</Time>;
}

function Time({ at, children }: { readonly at: string; readonly children: string | readonly string[] }) {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {children}
    </time>
  );
}
