import { readArguments, timeTask } from "../report.js";
import { showResults } from "../show-results.js";

const rowsOfPage = 100;
const pages = 100;

const { file, count } = readArguments();
const view = await showResults(file);
await readPages();
await timeTask(readPages);
await view.close();

/** Far from each other, so that none is read with another. */
async function readPages(): Promise<void> {
  for (let page = 0; page < pages; page += 1) {
    const from = Math.floor((page * count) / pages);
    const { rows } = await view.ask(`rows?from=${from}&count=${rowsOfPage}`);
    if (rows.length !== rowsOfPage) throw new Error(`Of ${rowsOfPage} rows ${rows.length} came.`);
  }
}
