import fc from "fast-check";
import { chatLine, embeddingLine } from "../lines.js";

const schema = (name: string) => ({ type: "object", properties: { [name]: { type: "string" } } });
const chatFormat = (name: string, property: string) => ({
  response_format: { type: "json_schema", json_schema: { name, schema: schema(property) } },
});

const goodLines = [
  ...["a", "b", "c", "d", "e", "f", "g"].map((id) => chatLine(id)),
  chatLine("ä 😀"),
  embeddingLine("h", ["x", "y"]),
  chatLine("i", chatFormat("One", "x")),
  chatLine("j", chatFormat("One", "y")),
  chatLine("k", chatFormat("Two", "x")),
];

const badLines = [
  ...[
    "",
    " ",
    "\r",
    "{",
    "null",
    "[1]",
    '{"custom_id":1}',
    "\ufeff",
    `\ufeff${chatLine("l")}`,
    "<<<<<<< HEAD",
  ],
  chatLine("m", { stream: true }),
  chatLine("n", { model: "other" }),
  chatLine("o", { temprature: 1, top_k: 5 }),
  chatLine("p", { messages: [{ role: "usr" }, { role: "usr" }] }),
  chatLine("q", {
    response_format: { format: { type: "json_schema", name: "Q", strict: true, schema: {} } },
  }),
  `${chatLine("r")}\r`,
  chatLine("s").slice(0, -7),
  '{"custom_id":"\\ud800","method":"GET","url":"/v1/nothing","body":{"x":1e400}}',
];

/** One line of a batch file, without its line end: good, bad, or good with some bytes changed. */
const anyLine: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...goodLines).map((line) => Buffer.from(line)) },
  { weight: 3, arbitrary: fc.constantFrom(...badLines).map((line) => Buffer.from(line)) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...goodLines), fc.nat(), fc.nat(255)).map(toMutated) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.nat(500).map((id) => Buffer.from(chatLine(`id-${id}`, { [`odd_${id}`]: id }))) },
);

/** A batch file with all kinds of problems. */
export function anyFile(maxLines: number): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.array(anyLine, { maxLength: maxLines, size: "max" }), fc.boolean())
    .map(([lines, terminated]) => joinLines(lines, terminated))
    .filter((bytes) => bytes[0] !== 0x1f);
}

function toMutated([line, at, byte]: [string, number, number]): Buffer {
  const bytes = Buffer.from(line);
  bytes[at % bytes.length] = byte;
  return bytes;
}

function joinLines(lines: readonly Buffer[], terminated: boolean): Buffer {
  const parts = lines.flatMap((line) => [line, Buffer.from("\n")]);
  return Buffer.concat(terminated ? parts : parts.slice(0, -1));
}
