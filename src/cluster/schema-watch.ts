import { OpenbatchError } from "../errors/index.js";
import type { Database } from "./database/database.js";
import { assertMigrated } from "./database/migrate.js";

const everyMs = 3_000;

/** Looks whether the tables are still those that this openbatch knows: somebody may run a newer migration beside it. */
export class SchemaWatch {
  /** Resolves with `schema_differs`, once they are not. */
  readonly failure: Promise<OpenbatchError>;
  readonly #database: Database;
  readonly #timer: NodeJS.Timeout;
  #resolve = (_: OpenbatchError): void => undefined;
  #looking: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.failure = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    }, everyMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** That the database is away is told by those who need it. */
  async #look(): Promise<void> {
    try {
      await assertMigrated(this.#database);
    } catch (error) {
      if (!(error instanceof OpenbatchError) || error.code !== "schema_differs") return;
      this.close();
      this.#resolve(error);
    }
  }
}
