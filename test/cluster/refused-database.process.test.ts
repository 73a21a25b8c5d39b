import { describe, expect, test } from "vitest";
import { createDatabase, postgres, query, start, withoutPostgres } from "./ground/postgres.js";

describe.skipIf(postgres === undefined)(`a database that refuses ${postgres ? "" : withoutPostgres}`, () => {
  test("because there is none of that name, or no such user, is told as that", async () => {
    const none = new URL(await createDatabase());
    none.pathname = "/openbatch_test_none";
    const nobody = new URL(await createDatabase());
    nobody.username = "openbatch_test_nobody";
    nobody.password = "quite-secret";
    for (const [url, why] of [
      [none, "there is no database of that name"],
      [nobody, "the user or the password is not accepted"],
    ] as const) {
      const migrating = start(["migrate", "--database", url.href]);
      expect(await migrating.ended).toBe(2);
      expect(migrating.said()).toContain(`${url.host}${url.pathname} does not let openbatch in: ${why}.`);
      expect(migrating.said()).not.toContain("quite-secret");
    }
  });

  test("because the user has no rights is told as that", async () => {
    const database = new URL(await createDatabase());
    const user = `openbatch_test_${process.pid}`;
    await query(database.href, `create role ${user} login`);
    try {
      database.username = user;
      const migrating = start(["migrate", "--database", database.href]);
      expect(await migrating.ended).toBe(2);
      expect(migrating.said()).toContain("the user of the address may not do this");
    } finally {
      await query(postgres ?? "", `drop role ${user}`);
    }
  });

  test("because it is a standby is one that is away for now", async () => {
    const database = await createDatabase();
    const name = new URL(database).pathname.slice(1);
    await query(database, `alter database ${name} set default_transaction_read_only = on`);
    const migrating = start(["migrate", "--database", database]);
    expect(await migrating.ended).toBe(3);
    expect(migrating.said()).toContain("error[database_away]");
  });
});
