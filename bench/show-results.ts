import { get } from "node:http";
import { json } from "node:stream/consumers";
import { serveView, type ViewServer } from "openbatch/view";
import { resultsOf } from "./inputs/results-of.js";

/** A server with the results of a batch file, and what a page would ask of it. */
export interface ShownResults extends Pick<ViewServer, "close"> {
  readonly ask: AskPage;
}

type AskPage = (what: string) => Promise<Answer>;

/** What the summary or some rows tell, as far as it is looked at. */
interface Answer {
  readonly state?: string;
  readonly isComplete?: boolean;
  readonly total: number;
  readonly rows: readonly unknown[];
}

/** Serves the results of a batch file: they are read from now on. */
export async function openResultsPage(file: string): Promise<ShownResults> {
  const view = await serveResults(file);
  return { close: () => view.close(), ask: askPage(view.link) };
}

/** The same, for who asks from elsewhere. */
export function serveResults(file: string): Promise<ViewServer> {
  return serveView({ sources: [{ requests: file, results: [resultsOf(file)] }] });
}

/** Not by fetch, which takes some megabytes of its own in this process. */
function askPage(link: string): AskPage {
  const { origin, hash } = new URL(link);
  const headers = { authorization: `Bearer ${hash.replace("#token=", "")}` };
  return (what) =>
    new Promise((resolve, reject) => {
      const asked = get(`${origin}/_/api/sources/1/${what}`, { headers }, (answer) => {
        json(answer).then((value) => resolve(value as Answer), reject);
      });
      asked.on("error", reject);
    });
}

/** Serves them until all answers are read. */
export async function showResults(file: string): Promise<ShownResults> {
  const view = await openResultsPage(file);
  await waitForAnswers(view.ask);
  return view;
}

/** Asks as a page does until all answers are read. */
export async function watchPage(link: string): Promise<void> {
  await waitForAnswers(askPage(link));
}

async function waitForAnswers(ask: AskPage): Promise<void> {
  for (;;) {
    const { state } = await ask("summary");
    if (state === "complete") return;
    if (state === "failed") throw new Error("The results could not be read.");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
