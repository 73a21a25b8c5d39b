import type { Endpoint } from "../../api/index.js";
import type { Fact } from "./fact.js";
import type { ProfileName } from "./profile-name.js";

/** What one service is: everything in which it differs from others, as data. */
export interface Profile {
  readonly name: ProfileName;
  /** As people call it. */
  readonly title: string;
  /** What a request is in its batches: a line as OpenAI's, or another shape. */
  readonly lines: "openai" | "anthropic";
  /** Where its endpoints are, by which it is recognised; `*` stands for one or more labels of a host name. */
  readonly baseURLs: Fact<readonly string[]>;
  /** The environment variable that its key usually has. */
  readonly keyVariable: Fact<string> | undefined;
  readonly authentication: Fact<Authentication>;
  /** What else goes with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The urls that a line may have, each with the endpoint that it means; `null` for one that OpenAI does not have. */
  readonly urls: Fact<UrlTable>;
  readonly limits: BatchLimits;
  /** What it refuses that OpenAI takes. */
  readonly refusals: Refusals;
  /** What it has for trying a batch out. */
  readonly trial?: Fact<Trial>;
  readonly windows: Fact<Windows>;
  /** The other way in which the call that makes a batch may have to name an endpoint, by how lines do. */
  readonly otherEndpoints?: Fact<Readonly<Record<string, string>>>;
  /** The key of a batch's metadata that takes what it is found by, where not every key is taken. */
  readonly intentKey?: Fact<string>;
  /** Whether an uploaded file is looked at for a while before a batch can be made of it. */
  readonly looksAtFiles?: Fact<boolean>;
  /** Its words for the state of a batch, in small letters, each with what a job does next. */
  readonly statuses: Fact<Readonly<Record<string, BatchState>>>;
  /** How it writes time stamps: seconds since 1970, or texts of ISO 8601. */
  readonly times: Fact<"seconds" | "texts" | "either">;
  /** Whether a batch without failures has an error file all the same, which is empty. */
  readonly hasEmptyErrorFile: Fact<boolean>;
  /** Whether the content of a file is answered with the address of another host, which must not get the key. */
  readonly redirectsDownloads: Fact<boolean>;
  /** What a batch costs of the price of the same requests sent one by one. */
  readonly priceFactor: Fact<number> | undefined;
  /** Whether a batch costs still less for input that is in the cache, where that is known. */
  readonly discountsCachedInput?: Fact<boolean>;
  /** What the list of prices that openbatch uses calls the service, if it has it. */
  readonly priceList: string | undefined;
  /** How often a batch is asked after at most. */
  readonly pollSeconds: Fact<number>;
  /** What else differs, in sentences for people. */
  readonly remarks: readonly Fact<string>[];
}

export type Authentication = "bearer" | "api-key" | "x-api-key" | "none";

export type UrlTable = Readonly<Record<string, Endpoint | null>>;

/** By what a job does next. A word that a service's table does not have is unknown. */
export type BatchState = "waiting" | "running" | "stopping" | "ended" | "rejected";

/** What one batch takes. A limit that is absent is not known. */
export interface BatchLimits {
  readonly requests?: Fact<number>;
  /** Requests of a batch of embeddings, where they are fewer. */
  readonly embeddingRequests?: Fact<number>;
  readonly bytes?: Fact<number>;
  /** In place of bytes where a page says so many MB, and not whether those have 1,000,000 or 1,048,576 bytes. */
  readonly megabytes?: Fact<number>;
  /** What stands around the requests of a batch, and counts too. */
  readonly frameBytes?: Fact<number>;
  readonly lineBytes?: Fact<number>;
  /** Inputs of embeddings, summed over the requests. */
  readonly embeddingInputs?: Fact<number>;
  readonly models: Fact<"one" | "several">;
  readonly endpoints: Fact<"one" | "several">;
  readonly ids?: Fact<IdRule>;
  /** Whether an uploaded file has to be called `.jsonl`. */
  readonly needsJsonlName: Fact<boolean>;
  readonly batchesAtOnce?: Fact<number>;
  readonly batchesAnHour?: Fact<number>;
}

export interface IdRule {
  readonly minLength: number;
  readonly maxLength: number;
  /** Whether only letters, digits, `-` and `_` are taken. */
  readonly isPlain: boolean;
}

export interface Refusals {
  /** Parameters that no body may have. */
  readonly parameters?: Fact<readonly string[]>;
  /** The models that its batches take, where they are few. */
  readonly onlyModels?: Fact<readonly string[]>;
  readonly blankLines?: Fact<boolean>;
}

/** A url of lines and a model that belong together, and what a batch of them may hold. */
export interface Trial {
  readonly url: string;
  readonly model: string;
  readonly requests: number;
  readonly megabytes: number;
}

/** How long a batch may take, as the service writes it. */
export interface Windows {
  readonly default: string;
  /** The others that it takes; a range has its ends. */
  readonly others: readonly string[];
}
