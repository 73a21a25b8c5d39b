import type { RequestWriter } from "../file/request-writer.js";
import type { ModerationParameters } from "./collector-parameters.js";
import { CreatingResource } from "./collector-resource.js";

/** `collector.moderations`: writes requests for `/v1/moderations`. */
export class ModerationsCollector extends CreatingResource<ModerationParameters> {
  constructor(writer: RequestWriter) {
    super(writer, "/v1/moderations");
  }
}
