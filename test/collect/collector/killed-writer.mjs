// Collects requests until it is killed, and notes in a second file each id whose call has returned.
import { openSync, writeSync } from "node:fs";

const [collectorUrl, path, notesPath, buffered] = process.argv.slice(2);
const { BatchCollector } = await import(collectorUrl);
const collector = new BatchCollector(path, { buffered: buffered === "true", onDuplicate: "skip" });
const notes = openSync(notesPath, "a");
const content = "A prompt of some length, with é and 日本語. ".repeat(20);
process.stdout.write("started\n");
for (let index = 0; ; index += 1) {
  collector.chat.completions.create({
    custom_id: `request-${index}`,
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: `${index} ${content}` }],
  });
  if (buffered === "true" && index % 1000 === 999) collector.flush();
  if (buffered !== "true" || index % 1000 === 999) writeSync(notes, `${index}\n`);
}
