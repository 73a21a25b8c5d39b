// Takes the locks whose paths come on standard input, and keeps them.
import { createInterface } from "node:readline";
import { OpenbatchError } from "../../src/errors/index.js";
import { RunLock } from "../../src/files/run-lock.js";

console.log("ready");
for await (const path of createInterface({ input: process.stdin })) {
  try {
    RunLock.take(path);
    console.log("taken");
  } catch (error) {
    console.log(error instanceof OpenbatchError ? error.code : error);
  }
}
