import type { ServerEvent, WatchAddress } from "../serve/index.js";

export interface ClusterOptions {
  /** PostgreSQL, as in `postgres://user@host:5432/openbatch`. */
  readonly database: string;
  /**
   * Where files and results are kept, the same for all machines: a folder, or a bucket as in `s3://bucket/prefix`. Who may, the region
   * and the endpoint of a bucket are as the AWS SDK reads them from the environment.
   */
  readonly storage: string;
  /** Where `/metrics`, `/healthz` and `/readyz` are answered, without a key. */
  readonly metrics?: WatchAddress;
  /** Is told of every request, of what becomes of batches and ranges, and of what is not as it should be. */
  readonly onEvent?: (event: ServerEvent) => void;
}
