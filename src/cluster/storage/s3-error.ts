import { OpenbatchError } from "../../errors/index.js";

export interface S3Context {
  /** What the storage is called in messages. */
  readonly place: string;
}

/** What an error of the client tells. Its message is not shown: it may quote keys. */
interface ClientError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

interface Refusal {
  readonly what: string;
  readonly hint: string;
}

const credentialsHint =
  "Give them as the AWS SDK finds them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile (AWS_PROFILE), or the role of the machine.";
const regionHint = "Name the region of the bucket: AWS_REGION.";
const noBucket: Refusal = {
  what: "there is no such bucket",
  hint: "Make the bucket, or name another one: storage (--storage s3://BUCKET/PREFIX).",
};
const badCredentials: Refusal = { what: "the credentials are refused", hint: credentialsHint };
const otherRegion: Refusal = { what: "the bucket is in another region", hint: regionHint };

/** Sources: error codes of S3's API reference, and what the client says itself; November 2026. */
const refusals: Readonly<Record<string, Refusal>> = {
  NoSuchBucket: noBucket,
  InvalidBucketName: {
    what: "that is no name of a bucket",
    hint: "Name one: storage (--storage s3://BUCKET/PREFIX).",
  },
  InvalidAccessKeyId: badCredentials,
  SignatureDoesNotMatch: badCredentials,
  ExpiredToken: badCredentials,
  InvalidToken: badCredentials,
  CredentialsProviderError: { what: "there are no credentials", hint: credentialsHint },
  PermanentRedirect: otherRegion,
  AuthorizationHeaderMalformed: otherRegion,
  RequestTimeTooSkewed: { what: "the clock of this machine is wrong", hint: "Set the clock." },
};

/** The client has no code for that: it is missing, or none at all. */
const noRegion = /^Region (?:is missing|not accepted)/;

const noAccess: Refusal = {
  what: "these credentials may not",
  hint: "Allow them s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload and s3:ListBucket on the bucket.",
};

/** Turns what the client threw into `storage_away` or `storage_refused`. What is none of its errors stays as it is. */
export function toS3Error(error: unknown, { place }: S3Context): unknown {
  if (!isClientError(error) || error.name === "AbortError") return error;
  const status = error.$metadata?.httpStatusCode;
  const refusal = findRefusal(error, status);
  const said = toPlainCode(error, status);
  if (refusal !== undefined) return toRefusedError(refusal, said, place);
  const message = `The storage ${place} cannot be reached${said === "" ? "" : ` (${said})`}.`;
  return new OpenbatchError("storage_away", message);
}

export function toNoBucketError({ place }: S3Context): OpenbatchError {
  return toRefusedError(noBucket, "404 NoSuchBucket", place);
}

/** Whether S3 says that nothing is under a name. A missing bucket is something else, where that is told. */
export function isNoSuchKey(error: unknown): boolean {
  return isClientError(error) && (error.name === "NoSuchKey" || error.name === "NotFound");
}

function findRefusal(error: ClientError, status = 0): Refusal | undefined {
  const known = refusals[error.name];
  if (known !== undefined) return known;
  if (noRegion.test(error.message)) return { what: "no region is given", hint: regionHint };
  if (status === 403 || status === 401) return noAccess;
  if (status >= 300 && status < 400) return otherRegion;
  // 408 and 429 pass, as what has no status does.
  if (status < 400 || status >= 500 || status === 408 || status === 429 || error.name === "RequestTimeout")
    return undefined;
  return {
    what: "it refuses what is asked",
    hint: "See that it is S3, or speaks as S3 does: AWS_ENDPOINT_URL_S3.",
  };
}

function toRefusedError({ what, hint }: Refusal, said: string, place: string): OpenbatchError {
  const message = `The storage ${place} cannot be used: ${what}${said === "" ? "" : ` (${said})`}.`;
  return new OpenbatchError("storage_refused", message, { hint });
}

/** The code alone, and no more than a code can be. */
function toPlainCode({ name, code }: ClientError, status: number | undefined): string {
  const word = typeof code === "string" ? code : name;
  const words = /^(?!Error$)[A-Za-z]\w{2,40}$/.test(word) ? [word] : [];
  return [...(status === undefined ? [] : [`${status}`]), ...words].join(" ");
}

/** Whether the client, the network or the service said it, and not a mistake of ours. */
function isClientError(error: unknown): error is ClientError {
  if (!(error instanceof Error) || error instanceof OpenbatchError) return false;
  const isTold = "$metadata" in error || ("code" in error && typeof error.code === "string");
  return (
    isTold || noRegion.test(error.message) || /^(?!(?:Type|Range|Reference|Syntax)?Error$)/.test(error.name)
  );
}
