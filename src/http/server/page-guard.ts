import type { IncomingHttpHeaders } from "node:http";
import { createGuard, type Refusal } from "./guard.js";

export interface PageGuardOptions {
  readonly host: string;
  /** Where it listens, known once it does. */
  readonly port: () => number;
  /** What every request for data must carry. */
  readonly token: string;
}

/** Looks at a request first: at one for the page itself, which holds nothing, or at one for data. */
export interface PageGuard {
  readonly ofPage: (headers: IncomingHttpHeaders) => PageRefusal | undefined;
  readonly ofData: (headers: IncomingHttpHeaders) => PageRefusal | undefined;
}

/** `other site`: a browser says that a page of another place wants it. */
export type PageRefusal = Refusal | "other site";

/**
 * Guards what a browser shows. A browser sends no key when it opens a page, so the page itself needs none; but it is given to no
 * page of another place, nor under another name or port than the one where it is served.
 */
export function createPageGuard({ host, port, token }: PageGuardOptions): PageGuard {
  const ofPage = createGuard({ host, apiKey: undefined });
  const ofData = createGuard({ host, apiKey: token });
  const isElsewhere = ({ host }: IncomingHttpHeaders): boolean => portOf(host) !== port();
  return {
    ofPage(headers) {
      if (isElsewhere(headers)) return "other host";
      return isOwnSite(headers) || isOpened(headers) ? ofPage(headers) : "other site";
    },
    ofData(headers) {
      if (isElsewhere(headers)) return "other host";
      return isOwnSite(headers) ? ofData(headers) : "other site";
    },
  };
}

function isOwnSite({ "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
  return site === undefined || site === "same-origin" || site === "none";
}

/** A link to the page may stand anywhere: in a terminal that is itself a page, or in a file. It opens it, and learns nothing. */
function isOpened(headers: IncomingHttpHeaders): boolean {
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

function portOf(host = ""): number {
  return Number(/:(\d{1,5})$/.exec(host)?.[1] ?? 80);
}
