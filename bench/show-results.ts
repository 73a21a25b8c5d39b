import { serveView, type ViewServer } from "openbatch/view";
import { resultsOf } from "./inputs/write-input.js";

/** Serves the results of a batch file, and gives the server when all answers are read. */
export async function showResults(file: string): Promise<ViewServer> {
  const view = await serveView({ sources: [{ requests: file, results: [resultsOf(file)] }] });
  const { origin, hash } = new URL(view.link);
  const headers = { authorization: `Bearer ${hash.replace("#token=", "")}` };
  for (;;) {
    const answer = await fetch(`${origin}/_/api/sources/1/summary`, { headers });
    const { state } = (await answer.json()) as { readonly state: string };
    if (state === "complete") return view;
    if (state === "failed") throw new Error("The results could not be read.");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
