// Writes what a task reads: the file that it is given, as so many rows, of this kind.
import { type Input, writeInput } from "./inputs.js";

const [file = "", rows, input] = process.argv.slice(2);
// What the runner names.
await writeInput(input as Input, file, Number(rows));
