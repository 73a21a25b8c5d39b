import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { ServerTrouble } from "./use-page.js";

interface PageHeadProps {
  /** What is shown. */
  readonly name: string | undefined;
  readonly trail?: ComponentChildren;
  readonly children?: ComponentChildren;
}

export function PageHead({ name, trail, children }: PageHeadProps) {
  useEffect(() => {
    document.title = `${name === undefined ? "" : `${name} – `}openbatch`;
  }, [name]);
  return (
    <header>
      {trail}
      <h1>
        <span class="mark">openbatch</span> {name}
      </h1>
      {children}
    </header>
  );
}

export function RehearsalBadge() {
  return <strong class="badge rehearsal">rehearsal: answers are made up</strong>;
}

interface TroubleLineProps {
  readonly trouble: ServerTrouble;
  /** What runs the server. */
  readonly command: string;
}

export function TroubleLine({ trouble, command }: TroubleLineProps) {
  if (trouble === undefined) return null;
  return (
    <p role="alert" class="trouble">
      {toText(trouble, command)}
    </p>
  );
}

function toText(trouble: NonNullable<ServerTrouble>, command: string): string {
  if (trouble === "gone")
    return `The server does not answer. Is ${command} still running? What is shown stays as it was.`;
  if (trouble === "no key")
    return `This page has no key to the data: open the link that ${command} has printed.`;
  return `${trouble.message} What is shown stays as it was.`;
}
