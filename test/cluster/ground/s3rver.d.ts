declare module "s3rver" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  class S3rver {
    constructor(options: {
      readonly directory: string;
      readonly silent: boolean;
      readonly configureBuckets: readonly { readonly name: string }[];
    });
    configureBuckets(): Promise<void>;
    callback(): (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  }
  export = S3rver;
}
