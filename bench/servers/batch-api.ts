// The local Batch API in rehearsal. Its state is in the folder that it is started in.
import { serveBatchApi } from "openbatch/serve";
import { tellAddress } from "../report.js";

tellAddress(await serveBatchApi({ port: 0, rehearse: true }));
