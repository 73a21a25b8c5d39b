// Asks a server of results what a page would, until all answers are read.
import { watchPage } from "./show-results.js";

await watchPage(process.argv[2] ?? "");
