// Runs every check but the tests: npm run check:static. What needs nothing of each other runs at once, for each holds one
// processor, and says what it has to say when it has ended.
import { spawn } from "node:child_process";

/** Examples are typed, and the package is checked, with what is built. */
const steps = [
  ["check:style", "build"],
  ["check:types", "check:unused", "check:package"],
];

for (const step of steps) {
  const areWell = await Promise.all(step.map(runScript));
  if (areWell.includes(false)) process.exit(1);
}

/** Runs a script of package.json to its end, and tells whether all went well. */
function runScript(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", name], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    child.on("close", (code) => {
      console.log(`${name}: ${code === 0 ? "nothing found" : `ended with ${code}`}\n${said.trimEnd()}`);
      resolve(code === 0);
    });
  });
}
