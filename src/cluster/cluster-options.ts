import { type OptionRules, textOption } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import { type ServerEvent, servingRules, type WatchAddress } from "../serve/index.js";

export interface ClusterOptions {
  /** PostgreSQL, as in `postgres://user@host:5432/openbatch`. */
  readonly database: string;
  /**
   * Where files and results are kept, the same for all machines: a folder, or a bucket as in `s3://bucket/prefix`. Who may, the region
   * and the endpoint of a bucket are as the AWS SDK reads them from the environment.
   */
  readonly storage: string;
  /** Where `/metrics`, `/healthz` and `/readyz` are answered, without a key. */
  readonly metrics?: WatchAddress | undefined;
  /** Is told of every request, of what becomes of batches and ranges, and of what is not as it should be. */
  readonly onEvent?: ((event: ServerEvent) => void) | undefined;
}

export const clusterRules: OptionRules<ClusterOptions> = {
  database: { ...textOption, flag: "--database" },
  storage: { ...textOption, flag: "--storage" },
  metrics: servingRules.metrics,
  onEvent: servingRules.onEvent,
};

/** Plain JavaScript may leave out what has to be there. @throws OpenbatchError `invalid_option` */
export function assertPlaces({ database, storage }: Partial<ClusterOptions>): void {
  const missing = database === undefined ? "database (--database)" : "storage (--storage)";
  if (database !== undefined && storage !== undefined) return;
  throw new OpenbatchError("invalid_option", `The option ${missing} is not given.`, {
    hint: "Give both: a PostgreSQL, and a folder or a bucket that is the same for all machines.",
  });
}
