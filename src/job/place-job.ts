import { OpenbatchError } from "../errors/index.js";
import { type RunPaths, toJobFolder, toPath, toRunFiles, toRunPaths } from "../files/index.js";
import { BaseURL } from "../http/index.js";
import type { BatchService, ModelNamesOptions, Profile } from "../providers/index.js";
import { findProfile } from "../providers/index.js";
import { assertSameServer, isUnsent } from "./assert-same-job.js";
import { toTrouble } from "./life/trouble.js";
import { openService } from "./open-service.js";
import type { Credentials } from "./record/account.js";
import { JobFolder } from "./record/job-folder.js";
import type { JobRecord } from "./record/job-record.js";
import { type JobCommands, toJobCommands } from "./report/job-commands.js";
import type { JobServerOptions, SubmitBatchFileOptions } from "./report/job-options.js";
import { type Provider, resolveProvider } from "./resolve-provider.js";
import { resolveRecorded } from "./resolve-recorded.js";

/** Where a job is: its files here, and its service. */
export interface JobPlace {
  readonly file: string;
  /** The results file, as it was named. */
  readonly output: string;
  readonly paths: RunPaths;
  readonly folder: JobFolder;
  /** Where its service is. */
  readonly target: string;
  readonly profile: Profile;
  readonly commands: JobCommands;
  /** What models are called at the service, where it is said now. */
  readonly names: ModelNamesOptions | undefined;
  readonly signal: AbortSignal | undefined;
  /** Opens the service, whose key is asked for only then. */
  readonly connect: () => Promise<Connection>;
}

export interface Connection extends Credentials {
  readonly service: BatchService;
}

/** @throws OpenbatchError where nothing says which server it is to be at, or that does not answer. */
export async function placeNewJob(file: string, options: SubmitBatchFileOptions): Promise<JobPlace> {
  const provider = await resolveForFile(file, options);
  const connection = connect(provider);
  const { service } = connection;
  const files = toRunFiles(file);
  try {
    const isRehearsal = options.output === undefined && (await isInRehearsal(service, options.signal));
    const output = toPath(options.output ?? files[isRehearsal ? "rehearsal" : "results"]);
    const { target } = service;
    const place = { ...toPaths(file, output), target, profile: provider.profile, options };
    return toPlace(place, async () => connection);
  } catch (error) {
    await service.close();
    throw error;
  }
}

/** Who names no server may mean that of the job that is there already. */
export async function resolveForFile(file: string, options: SubmitBatchFileOptions): Promise<Provider> {
  try {
    return await resolveProvider(options);
  } catch (error) {
    const isUnnamed = error instanceof OpenbatchError && error.code === "base_url_missing";
    const known = isUnnamed ? findRecorded(file, options)?.record : undefined;
    if (!isUnnamed || known === undefined || isUnsent(known)) throw error;
    const { submit } = toJobCommands(file, known.target, options);
    throw new OpenbatchError(error.code, `${error.message} There is a job of ${file} at ${known.target}.`, {
      hint: `Go on with it: ${submit}`,
    });
  }
}

/** @throws OpenbatchError `file_not_found` where there is none. */
export function placeKnownJob(file: string, options: JobServerOptions): JobPlace {
  const found = findRecorded(file, options);
  if (found === undefined) throw toNoJobError(file, options, listOutputs(file, options));
  const { record, ...paths } = found;
  const profile = findProfile(record.provider);
  return toPlace({ ...paths, target: record.target, profile, options }, async () => {
    const connection = connect(await resolveRecorded(record, options));
    assertSameServer(record, connection.target, paths.folder.path);
    return connection;
  });
}

/** What models are called: as it is said now, or was said when the job was begun. */
export function findNames(file: string, options: JobServerOptions): ModelNamesOptions {
  return readNames(options) ?? findRecorded(file, options)?.record.names ?? {};
}

function readNames({ model, modelNames }: JobServerOptions): ModelNamesOptions | undefined {
  return model === undefined && modelNames === undefined ? undefined : { model, modelNames };
}

function findRecorded(file: string, options: JobServerOptions): RecordedPlace | undefined {
  const { baseURL } = options;
  const known = listOutputs(file, options).flatMap((each) => findKnown(file, each));
  const wanted = baseURL === undefined ? undefined : BaseURL.parse(baseURL).text;
  return known.find(({ record }) => record.target === wanted) ?? known[0];
}

function listOutputs(file: string, { output }: JobServerOptions): readonly string[] {
  const { results, rehearsal } = toRunFiles(file);
  return output === undefined ? [results, rehearsal] : [toPath(output)];
}

interface RecordedPlace extends Paths {
  readonly record: JobRecord;
}

type Paths = Pick<JobPlace, "file" | "output" | "paths" | "folder">;

function toPaths(file: string, output: string): Paths {
  const paths = toRunPaths(output, file);
  return { file, output, paths, folder: new JobFolder(toJobFolder(paths.output)) };
}

function findKnown(file: string, output: string): RecordedPlace[] {
  const paths = toPaths(file, output);
  const record = paths.folder.read();
  return record === undefined ? [] : [{ ...paths, record }];
}

function toPlace(
  {
    options,
    ...place
  }: Paths & Pick<JobPlace, "target" | "profile"> & { readonly options: SubmitBatchFileOptions },
  open: () => Promise<Connection>,
): JobPlace {
  let opened: Promise<Connection> | undefined;
  return {
    ...place,
    commands: toJobCommands(place.file, place.target, options),
    names: readNames(options),
    signal: options.signal,
    connect: () => {
      opened ??= open();
      return opened;
    },
  };
}

function connect(provider: Provider): Connection {
  const { apiKey, headers } = provider;
  const service = openService(provider);
  return { service, target: service.target, apiKey, headers };
}

async function isInRehearsal(service: BatchService, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    return await service.isRehearsal(signal);
  } catch (error) {
    const { message } = toTrouble(error, signal);
    throw new OpenbatchError(
      "server_unreachable",
      `No answer from ${service.target}: ${message}. Nothing was sent.`,
    );
  }
}

function toNoJobError(file: string, options: JobServerOptions, outputs: readonly string[]): OpenbatchError {
  const folders = outputs.map((output) => toJobFolder(output)).join(" nor ");
  return new OpenbatchError(
    "file_not_found",
    `There is no job of ${file}: ${outputs.length > 1 ? `neither ${folders} is` : `${folders} is not`} there.`,
    { hint: `Begin one: ${toJobCommands(file, options.baseURL, options).submit}` },
  );
}
