import { describeName, nearestName } from "../../api/index.js";
import type { ServerEvent } from "../store/server-event.js";
import type { ServerContext } from "./server-context.js";

export interface GivenNames {
  readonly req: Pick<ServerContext["req"], "method" | "path">;
  /** The names that the request gives. */
  readonly given: readonly string[];
  readonly known: readonly string[];
  readonly onEvent: (event: ServerEvent) => void;
}

/** So many are named. */
const maxNamed = 5;

/** Tells of parameters that are not known. They pass: nobody has told what the service makes of them, and proxies send some. */
export function reportIgnored({ req, given, known, onEvent }: GivenNames): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const named = unknown.slice(0, maxNamed).map((name) => {
    const nearest = nearestName(name, known);
    return nearest === undefined ? describeName(name) : `${describeName(name)} (did you mean ${nearest}?)`;
  });
  const more = unknown.length > maxNamed ? ` and ${unknown.length - maxNamed} more` : "";
  const message = `unknown parameters are ignored: ${named.join(", ")}${more}`;
  onEvent({ kind: "ignored", method: req.method, path: req.path, message });
}
