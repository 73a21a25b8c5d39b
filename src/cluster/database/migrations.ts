/**
 * What each version of the tables adds to the one before. One that was released is not changed any more. Every time in
 * them is the database's own.
 */
export const migrations: readonly string[] = [
  `
  create table openbatch.files (
    id text primary key,
    owner text not null,
    sequence bigint generated always as identity,
    purpose text not null,
    filename text not null,
    bytes bigint not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    removed_at timestamptz,
    -- Where its content is the segments of a batch, and which of their two files.
    batch text,
    part text check (part in ('output', 'errors'))
  );
  create index files_of_owner on openbatch.files (owner, sequence) where removed_at is null;
  create index files_to_expire on openbatch.files (expires_at) where removed_at is null;
  create index files_removed on openbatch.files (removed_at) where removed_at is not null;

  create table openbatch.batches (
    id text primary key,
    owner text not null,
    priority int not null,
    sequence bigint generated always as identity,
    -- What the server of one machine keeps of a batch.
    record json not null,
    status text not null generated always as (record -> 'object' ->> 'status') stored,
    expires_at timestamptz not null,
    -- The file that was uploaded, if it was there.
    input text,
    -- Where each range begins, and where the last one ends.
    offsets bigint[],
    ranges int not null default 0,
    ranges_left int not null default 0,
    -- The first range that was not queued yet.
    next_range int not null default 0,
    completed bigint not null default 0,
    failed bigint not null default 0,
    usage json
  );
  create index batches_of_owner on openbatch.batches (owner, sequence);
  create index batches_unfinished on openbatch.batches (expires_at)
    where status in ('validating', 'in_progress', 'finalizing', 'cancelling');

  -- The committed results of a range: there is one of each, whatever the queue delivers twice.
  create table openbatch.segments (
    batch text not null,
    n int not null,
    token text not null,
    output_bytes bigint not null,
    errors_bytes bigint not null,
    completed int not null,
    failed int not null,
    at timestamptz not null default now(),
    primary key (batch, n)
  );

  -- How far a range is that has no segment yet.
  create table openbatch.progress (
    batch text not null,
    n int not null,
    completed int not null default 0,
    failed int not null default 0,
    usage json,
    -- How often it was taken without getting further, and how far it was then.
    takes int not null default 0,
    done_when_taken int not null default 0,
    at timestamptz not null default now(),
    primary key (batch, n)
  );

  -- What is left of a limit that workers keep together.
  create table openbatch.limits (
    key text primary key,
    requests float8 not null,
    tokens float8 not null,
    at timestamptz not null default clock_timestamp()
  );

  create table openbatch.workers (
    id text primary key,
    name text not null,
    target text not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    ranges int not null default 0,
    completed bigint not null default 0,
    failed bigint not null default 0
  );
  `,
  `
  -- Tells the model that a batch asks for apart from others; nothing, where it names none.
  alter table openbatch.batches add column model_key text;

  -- Until when nothing is sent, because the server has asked for it.
  alter table openbatch.limits add column paused_until timestamptz;

  -- The servers that workers send to, as they last told of them. What a worker had stays for a while when it stops.
  create table openbatch.upstreams (
    worker text not null,
    n int not null,
    target text not null,
    -- The limit that it shares with all who have the same server and key.
    limit_key text not null,
    -- Those that it has; any, where it says none.
    models text[],
    requests_per_minute float8,
    tokens_per_minute float8,
    concurrency int not null,
    in_flight int not null,
    ranges int not null,
    -- Why nothing is sent to it for a while, and until when.
    cause text,
    paused_until timestamptz,
    seen_at timestamptz not null default now(),
    primary key (worker, n)
  );
  `,
  `
  -- Offsets are those of small units now, in which an input is read. A range is some of them, fixed when it is queued.
  alter table openbatch.batches add column units int not null default 0;
  -- The unit in which each range begins, and then the first that is in none.
  alter table openbatch.batches add column bounds int[];
  -- How many requests a second a range has sent that was committed lately.
  alter table openbatch.batches add column pace float8;
  update openbatch.batches set units = ranges, ranges = next_range,
    bounds = array(select generate_series(0, next_range)),
    ranges_left = next_range - (select count(*) from openbatch.segments where batch = id)
    where ranges > 0;
  alter table openbatch.batches drop column next_range;
  `,
  `
  -- What tells the storage of this database from any other one stands in both; and since when it has one.
  create table openbatch.storage (
    mark text primary key default gen_random_uuid()::text,
    begun_at timestamptz
  );
  insert into openbatch.storage default values;

  -- What the key of a server is called, where that was said.
  alter table openbatch.upstreams add column key_name text;
  `,
];
