import type { Endpoint } from "./endpoint.js";

/** One line of a batch file. */
export interface BatchRequest {
  /** Names the request in its batch; the result carries it. */
  readonly custom_id: string;
  readonly method: "POST";
  readonly url: Endpoint;
  /** The parameters that the endpoint takes when it is called directly. */
  readonly body: Readonly<Record<string, unknown>>;
}
