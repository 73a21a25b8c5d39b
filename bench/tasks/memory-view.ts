import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { readArguments, tellPeak } from "../report.js";
import { serveResults } from "../show-results.js";

const { file } = readArguments();
const view = await serveResults(file);
// A page is in a process of its own too.
const page = spawn(
  process.execPath,
  [fileURLToPath(new URL("../watch-page.js", import.meta.url)), view.link],
  {
    stdio: "inherit",
  },
);
const [status] = await once(page, "exit");
if (status !== 0) throw new Error("The page failed.");
await view.close();
tellPeak();
