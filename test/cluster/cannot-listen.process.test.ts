import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { copyDatabase, dropDatabase } from "./ground/copied-database.js";
import { postgres, start, withoutPostgres } from "./ground/postgres.js";
import { runInCode } from "./in-code.js";

async function emptyDatabase(): Promise<string> {
  const database = await copyDatabase();
  onTestFinished(() => dropDatabase(database));
  return database;
}

async function takenPort(): Promise<number> {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  return (other.address() as AddressInfo).port;
}

describe.skipIf(postgres === undefined)(
  `a server that cannot listen ${postgres ? "" : withoutPostgres}`,
  () => {
    test("says so and ends, also where it is a worker too", async () => {
      const database = await emptyDatabase();
      const port = await takenPort();
      const named = ["serve", "--port", `${port}`, "--database", database, "--storage", temporaryFolder()];
      for (const work of [[], ["--work", "--rehearse"]]) {
        const server = start([...named, ...work]);
        expect(await server.ended).toBe(2);
        expect(server.said()).toContain("error[cannot_listen]");
        expect(server.said()).not.toContain("pool");
      }
    });

    test("leaves nothing alive of itself in the code that began it", async () => {
      const options = {
        database: await emptyDatabase(),
        storage: temporaryFolder(),
        port: await takenPort(),
      };
      const { exit, said } = await runInCode(
        `await lib.serveCluster(${JSON.stringify(options)}).catch(({ code }) => console.log(code));`,
      );
      expect({ exit, said }).toEqual({ exit: 0, said: "cannot_listen\n" });
    });
  },
);
