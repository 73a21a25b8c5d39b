import { readArguments, tellPeak } from "../report.js";
import { showResults } from "../show-results.js";

const { file } = readArguments();
const view = await showResults(file);
await view.close();
tellPeak();
