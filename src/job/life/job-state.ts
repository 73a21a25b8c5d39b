import type { JobFolder } from "../record/job-folder.js";
import type { JobRecord, PartRecord, RecordedFile } from "../record/job-record.js";

/** What a job knows of itself: each change is on the disk before anything is done that depends on it. */
export class JobState {
  readonly folder: JobFolder;
  #record: JobRecord;

  constructor(folder: JobFolder, record: JobRecord) {
    this.folder = folder;
    this.#record = record;
  }

  get record(): JobRecord {
    return this.#record;
  }

  get parts(): readonly PartRecord[] {
    return this.#record.parts;
  }

  partOf(number: number): PartRecord {
    const found = this.parts.find((part) => part.number === number);
    if (found === undefined) throw new RangeError(`There is no part ${number}.`);
    return found;
  }

  async add(part: PartRecord): Promise<void> {
    await this.#write({ ...this.#record, parts: [...this.parts, part] });
    this.folder.tell({ part: part.number, ...toStory(part) });
  }

  async change(number: number, fields: Partial<PartRecord>): Promise<PartRecord> {
    const changed = { ...this.partOf(number), ...fields };
    await this.#write({
      ...this.#record,
      parts: this.parts.map((part) => (part.number === number ? changed : part)),
    });
    this.folder.tell({ part: number, ...toStory(fields) });
    return changed;
  }

  /** Forgets a part of which nothing is at the service any more: its requests are cut anew. */
  async drop(number: number): Promise<void> {
    await this.#write({ ...this.#record, parts: this.parts.filter((part) => part.number !== number) });
    this.folder.tell({ part: number, state: "dropped" });
  }

  async set(
    fields: Partial<
      Pick<
        JobRecord,
        | "account"
        | "canary_passed_at"
        | "costs_elsewhere"
        | "planned_cost"
        | "token_price"
        | "repairs"
        | "names"
      >
    > & {
      readonly batch_file?: RecordedFile;
    },
  ): Promise<void> {
    await this.#write({ ...this.#record, ...fields });
  }

  async #write(record: JobRecord): Promise<void> {
    await this.folder.write(record);
    this.#record = record;
  }
}

/** Words of the service may quote requests: the story leaves them out. */
function toStory({ problems, ...fields }: Partial<PartRecord>): Readonly<Record<string, unknown>> {
  return problems === undefined ? fields : { ...fields, problems: problems.length };
}
