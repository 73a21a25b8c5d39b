// Runs until it is stopped, as a command does that has much to do.
import { listenForInterrupts } from "../../../src/cli/frame/interrupt.js";

const signal = listenForInterrupts(() => "The same goes on.\n");
signal.addEventListener("abort", () => console.log(signal.reason.code));
process.on("SIGHUP", () => console.log("hung up"));
setInterval(() => undefined, 1000);
console.log("waiting");
