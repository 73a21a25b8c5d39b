// Writes what a task reads: the file that it is given, for so many rows, of this kind.
import { isInput, writeInput } from "./inputs/write-input.js";

const [file = "", rows, input = ""] = process.argv.slice(2);
if (!isInput(input)) throw new Error(`There is no input ${input}.`);
await writeInput(input, file, Number(rows));
