import type { MeasureGroup } from "../measure.js";

export const starting: MeasureGroup = {
  title: "Starting",
  measures: [
    {
      kind: "start",
      name: "import",
      title: '`import "openbatch"` beside `import "openai"`',
      args: ["--input-type=module", "--eval", 'import "openbatch";'],
      emptyArgs: ["--input-type=module", "--eval", ""],
      peerArgs: ["--input-type=module", "--eval", 'import "openai";'],
      under: 0.25,
    },
    {
      kind: "start",
      name: "version",
      title: "`openbatch --version` over `node -e 0`",
      args: ["dist/cli/main.js", "--version"],
      emptyArgs: ["-e", "0"],
      under: 100,
    },
  ],
};
