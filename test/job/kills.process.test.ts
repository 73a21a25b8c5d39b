import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { mainFile } from "../cli/start-cli.js";
import { startJob } from "./start-job.js";
import { startWithModel } from "./start-model.js";

/** After how many calls of the server the command is killed. More of them: `OPENBATCH_STORMS`. */
const step = Number(process.env.OPENBATCH_STORMS ?? 0) > 100 ? 1 : 9;
const kills = Array.from({ length: Math.ceil(36 / step) }, (_, index) => 4 + index * step);

interface Killed {
  readonly file: string;
  readonly server: { readonly baseURL: string; readonly apiKey: string };
  /** Calls back at each call of the server. */
  readonly onCall: (called: (() => void) | undefined) => void;
}

/** Runs `submit`, and kills it after so many calls. Gives its exit code, if it came to an end. */
async function submit({ file, server, onCall }: Killed, flags: readonly string[], kill?: number) {
  const at = ["--base-url", server.baseURL, "--api-key-env", "KILLS_KEY", "--poll", "0.1"];
  const child = spawn(process.execPath, [mainFile, "submit", file, ...at, ...flags], {
    ...{ cwd: dirname(file), stdio: "ignore" },
    env: { ...process.env, KILLS_KEY: server.apiKey },
  });
  let calls = 0;
  onCall(() => {
    calls += 1;
    if (calls === kill) child.kill("SIGKILL");
  });
  const [code] = await once(child, "close");
  onCall(undefined);
  return code as number | null;
}

test.concurrent.for(kills)(
  "killed after %i calls while it repairs, a job asks nothing twice",
  async (kill) => {
    await using own = await startWithModel({ cut: 20, well: 40, other: 40 });
    const repair = ["--repair", "truncated,invalid"];
    await submit(own, repair, kill);
    await submit(own, repair, kill);
    expect(await submit(own, repair)).toBe(0);
    expect(own.sent()).toEqual(["20 1", "40 1", "40 1", "40 1", "40 3", "40 3", "40 3"]);
    expect((await own.results()).map(({ rounds }) => rounds)).toEqual([3, 2, 2]);
  },
);

test.concurrent.for(kills)(
  "killed after %i calls about its time, a job has one result for each request, and leaves nothing there",
  async (kill) => {
    await using own = await startJob(4, { stageMs: { validating: 3_600_000 } });
    const late = ["--finish-by", "1s", "--yes"];
    await submit(own, late, kill);
    await submit(own, late, kill);
    expect(await submit(own, late)).toBe(0);
    expect(own.toResults().map(({ custom_id }) => custom_id)).toHaveLength(4);
    expect(new Set(own.toResults().map(({ custom_id }) => custom_id)).size).toBe(4);
    const batches = (await own.openai.batches.list()).data;
    expect(batches.map(({ status }) => status)).toEqual(batches.map(() => "cancelled"));
    expect(batches.length).toBeLessThanOrEqual(1);
    expect((await own.openai.files.list()).data).toEqual([]);
  },
);
