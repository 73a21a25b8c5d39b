// From the same moment until curl has the same files on the disk.
import { execFileSync } from "node:child_process";
import { submitBatchFile } from "openbatch/job";
import { readArguments, timeFrom } from "../report.js";
import { watchBatch } from "../watch-batch.js";

const { file, baseURL } = readArguments();
await submitBatchFile(file, { baseURL, wait: false });
const { output, errors } = await watchBatch(baseURL);
const tell = timeFrom();
for (const id of [output, errors]) {
  if (id !== null) execFileSync("curl", ["-sf", "-o", `${file}.${id}`, `${baseURL}/files/${id}/content`]);
}
tell();
