import { execFileSync } from "node:child_process";
import path from "node:path";

/** Runs commands one after the other in one shell, and gives what each printed on both outputs, by line. */
export function runCommands(folder: string, commands: readonly string[]): readonly (readonly string[])[] {
  const mark = "---- end of a command ----";
  const script = commands.map(
    (command) => `${command}\nstatus=$?; printf '\\n%s\\n' '${mark}'; (exit $status)`,
  );
  const printed = execFileSync("bash", ["-c", `exec 2>&1\n${script.join("\n")}\ntrue`], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${path.join(folder, "node_modules", ".bin")}:${process.env.PATH}`,
      NO_COLOR: "1",
      // What npm says of a user's own settings is no part of a page.
      npm_config_loglevel: "error",
    },
  });
  return printed
    .split(`\n${mark}\n`)
    .slice(0, commands.length)
    .map((text) => toLines(text));
}

function toLines(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
