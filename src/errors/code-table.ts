/** What one code means, whoever meets it: a thrown error or a finding of the check. */
export interface CodeEntry {
  /** What happened, and why it matters. */
  readonly what: string;
  /** What to do about it, where the occurrence itself says nothing better. */
  readonly hint: string;
}

const checkedWithoutLimits =
  'To send it with openbatch run, check it with target "openbatch" (--for openbatch).';

/**
 * Every code of openbatch, of thrown errors and of findings alike. Codes are permanent.
 * Those under "the service's own" are the codes OpenAI's Batch API and its endpoints use.
 */
export const codeTable = {
  // The service's own.
  duplicate_custom_id: {
    what: "Two requests have the same custom_id, so their results could not be told apart.",
    hint: "Give each request an id of its own.",
  },
  empty_file: {
    what: "The batch file holds no request.",
    hint: "Add at least one request before it is uploaded.",
  },
  invalid_json_line: {
    what: "A line is not one JSON object.",
    hint: "Write each request as one JSON object on one line.",
  },
  invalid_method: {
    what: "The method of a request is not POST.",
    hint: 'Write "method":"POST".',
  },
  invalid_request: {
    what: "A request would be refused by the service.",
    hint: "Mend what is listed; nothing was written for this request.",
  },
  invalid_type: {
    what: "A value has a type that the service does not take there.",
    hint: "Use the type that the message names.",
  },
  invalid_url: {
    what: "The url of a request is not an endpoint of the Batch API, or not the one of the rest of the batch.",
    hint: "Use one endpoint of the Batch API in each file to upload, with its leading /v1.",
  },
  invalid_value: {
    what: "A value is outside what the service takes there.",
    hint: "Use a value that the message allows.",
  },
  mismatched_model: {
    what: "A batch takes requests for a single model, and this file has several.",
    hint: `Cut it into parts: openbatch plan FILE --to FOLDER. ${checkedWithoutLimits}`,
  },
  missing_required_parameter: {
    what: "A parameter that the service requires is absent.",
    hint: "Add it.",
  },
  streaming_unsupported: {
    what: "A batch cannot stream its answers; one such request fails the whole batch.",
    hint: 'Remove "stream".',
  },
  unknown_parameter: {
    what: "The endpoint has no parameter of that name.",
    hint: "Correct the name, or let it through with allowUnknownParameters (--allow-unknown).",
  },

  // Findings of our own.
  blank_line: {
    what: "A line holds nothing. It is no request; some services refuse it.",
    hint: "Remove it: openbatch validate --fix.",
  },
  byte_order_mark: {
    what: "The file starts with a byte order mark, which makes its first line unreadable for the service.",
    hint: "Save it as UTF-8 without a byte order mark: openbatch validate --fix.",
  },
  conflicting_parameters: {
    what: "Two parameters exclude each other.",
    hint: "Keep one of them.",
  },
  canary_failed: {
    what: "Of the sample that a job sends first, more cannot be used than is allowed. Nothing else was sent.",
    hint: "Look at it with openbatch results; then mend the requests, with results of their own (--output FILE), or allow more: maxErrorRate (--max-error-rate).",
  },
  cost_over_limit: {
    what: "Batches may cost more than they are to, or nobody knows what they cost. Nothing was sent or written.",
    hint: "Allow more, or send less: maxCost (--max-cost).",
  },
  crlf_line_ends: {
    what: "Lines end with CR LF, as Windows writes them. Services seen so far take it.",
    hint: "Write LF alone to be safe: openbatch validate --fix.",
  },
  deprecated_endpoint: {
    what: "The endpoint is closing or closed.",
    hint: "Use its successor.",
  },
  deprecated_parameter: {
    what: "The parameter still works but has a successor.",
    hint: "Use the successor that the message names.",
  },
  existing_file: {
    what: "The file to write is there already; new requests are appended to it.",
    hint: 'Choose another path for a new batch; after a stop, run again with onDuplicate: "skip"; or set suppressWarnings.',
  },
  file_too_large: {
    what: "The file is larger than the service takes for one batch: 209,715,200 bytes (200 MiB).",
    hint: `Cut it into parts: openbatch plan FILE --to FOLDER. ${checkedWithoutLimits}`,
  },
  format_name_conflict: {
    what: "Two different schemas have the same format name in one file; results are typed by that name.",
    hint: "Give one of them a name of its own. The order of keys counts: answers come in it.",
  },
  half_character: {
    what: "Text was cut in the middle of an emoji or another character beyond the first 65,536: a surrogate is without its pair. It is no Unicode text, and strict readers of JSON refuse it.",
    hint: "Cut text between characters, as [...text].slice(0, 100) does, or mend it with text.toWellFormed().",
  },
  identical_requests: {
    what: "A template has no placeholder in what is sent, so every row makes the same request, and each is paid for.",
    hint: "Put a column into the prompt, as in {text}.",
  },
  invalid_file_name: {
    what: "The service takes an uploaded file only if its name ends with .jsonl.",
    hint: "Rename the file to end with .jsonl.",
  },
  invalid_schema: {
    what: "A JSON Schema is outside the strict subset that structured outputs take.",
    hint: "Change the schema as the message says, or ask for strict: false.",
  },
  invalid_utf8: {
    what: "A line holds bytes that are not UTF-8.",
    hint: "Write the file again as UTF-8.",
  },
  likely_refused: {
    what: "The service is reported to refuse this; nobody has confirmed it.",
    hint: "Leave it out, or try one request first.",
  },
  line_too_long: {
    what: "One line alone is larger than the service takes for a whole batch.",
    hint: "Make the request smaller: 209,715,200 bytes (200 MiB) is the limit for the whole file.",
  },
  mixed_endpoints: {
    what: "A batch takes requests for a single endpoint, and this file has several. The service calls it invalid_url.",
    hint: `Cut it into parts: openbatch plan FILE --to FOLDER. ${checkedWithoutLimits}`,
  },
  no_final_line_end: {
    what: "The last line has no line end. A tool that appends to the file would glue two requests together.",
    hint: "Add a line end: openbatch validate --fix.",
  },
  no_effect_in_batch: {
    what: "The parameter is not known to do anything in a batch.",
    hint: "Leave it out.",
  },
  non_portable_custom_id: {
    what: "Some services take only ids of 1 to 64 letters, digits, - and _.",
    hint: "Use 1 to 64 letters, digits, - and _ if the file may ever go to another service.",
  },
  refused_by_model: {
    what: "The model is known to refuse this parameter.",
    hint: "Leave it out, or use another model.",
  },
  retired_model: {
    what: "The model has been shut down, or has a date for it.",
    hint: "Use a current model.",
  },
  schema_constraint: {
    what: "A constraint of the schema is one that the service may refuse.",
    hint: "Check it when the answer is parsed instead.",
  },
  too_many_embedding_inputs: {
    what: "A batch takes at most 50,000 embedding inputs, summed over all its requests.",
    hint: `Cut it into parts: openbatch plan FILE --to FOLDER. ${checkedWithoutLimits}`,
  },
  too_many_requests: {
    what: "A batch takes at most 50,000 requests.",
    hint: `Cut it into parts: openbatch plan FILE --to FOLDER. ${checkedWithoutLimits}`,
  },
  repeated_key: {
    what: "A line has the same key twice.",
    hint: "Remove one of the two: of equal keys one reader takes the first, and another the last.",
  },
  torn_last_line: {
    what: "The last line is half a JSON object: whoever wrote it was stopped in the middle.",
    hint: "Mend the file: openbatch validate --fix FILE cuts the line off and keeps it beside.",
  },
  unknown_line_key: {
    what: "A line has a key beside custom_id, method, url and body.",
    hint: "Remove it, or move it into body.",
  },
  unused_variable: {
    what: "A value was given for which the template has no placeholder.",
    hint: "Leave it out, or add its placeholder.",
  },
  wrong_response_format: {
    what: "The structured output is written in a shape that no endpoint takes.",
    hint: "Mend the file: openbatch validate --fix.",
  },

  // What is wrong with an answer, or with a result.
  empty_answer: {
    what: "The answer holds no text, so there is nothing to parse.",
    hint: "Look at its toolCalls and its body; ask again if there is nothing there.",
  },
  fenced_answer: {
    what: "The JSON of an answer stands in a code fence. It was read all the same.",
    hint: "Ask for strict structured output, or say in the prompt that JSON alone is wanted.",
  },
  filtered_answer: {
    what: "The service's content filter cut the answer off.",
    hint: "Change the prompt; the same request is likely to be filtered again.",
  },
  invalid_json_answer: {
    what: "An answer that was to be structured is not JSON.",
    hint: "Ask for strict structured output, or send the request again.",
  },
  invalid_result_line: {
    what: "A line of a results file is broken, or holds neither an answer nor an error.",
    hint: "Download the file again; if the line is the same, send the request again.",
  },
  mismatched_answer: {
    what: "The answer holds less than was asked for, or something else: a vector, an image or a verdict is missing, or has the wrong size.",
    hint: "Look at its body; send the request again, or ask for fewer at once. Some servers ignore dimensions.",
  },
  foreign_result_line: {
    what: "A line of a results file has the shape of another service, which is not that of the Batch API.",
    hint: "Where it is Anthropic's, say so: from (--from anthropic). Otherwise turn the file into lines of the Batch API, with custom_id and response; the requests need not be sent again.",
  },
  missing_result: {
    what: "No results file holds a result of the request.",
    hint: "Name all results files of the batch, the error file too; or send the request again.",
  },
  refused_answer: {
    what: "The model refused to answer.",
    hint: "Change the prompt; the same request is likely to be refused again.",
  },
  request_cancelled: {
    what: "The batch was cancelled before the request was executed.",
    hint: "Send the request again.",
  },
  request_expired: {
    what: "The batch ended before the request was executed.",
    hint: "Send the request again.",
  },
  request_failed: {
    what: "The service answered with an error, or did not answer.",
    hint: "Look at the error of the result; where it is retryable, send the request again.",
  },
  schema_mismatch: {
    what: "An answer is JSON, but does not fit its schema.",
    hint: "Say the rule in the prompt too, or send the request again: problem.rule and problem.issues name what is broken.",
  },
  truncated_answer: {
    what: "The answer was cut off at its limit of tokens.",
    hint: "Allow more: max_completion_tokens for chat completions, max_output_tokens for responses.",
  },
  unknown_format: {
    what: "A request asks for a format that is not among those given for reading.",
    hint: "Add it to formats, under the name that the request has.",
  },
  unreadable_result: {
    what: "The line with the result of the request cannot be read.",
    hint: "Download the file again; if the line is the same, send the request again.",
  },

  // Of one request, in the results of a run.
  connection_failed: {
    what: "The connection to the server broke each time the request was sent, while others were answered.",
    hint: "Send it again: retryFailed (--retry-failed).",
  },
  invalid_response_body: {
    what: "The server told success each time the request was sent, with a body that is no JSON.",
    hint: "Look at what the server does with this request, or send it again: retryFailed (--retry-failed). Where it is every request, check baseURL (--base-url).",
  },
  request_timeout: {
    what: "No whole answer came within the time limit, each time the request was sent, while others were answered.",
    hint: "Give it longer with timeoutMs (--timeout), and send it again: retryFailed (--retry-failed).",
  },
  response_too_large: {
    what: "The answer to a request is larger than is kept in memory.",
    hint: "Ask for less in one request: fewer inputs or images.",
  },

  // Causes that fail every request, and stop a run.
  access_refused: {
    what: "The server refuses access, for another reason than a wrong key: a country or a network it does not serve, or what an account may do. What was not answered stays pending.",
    hint: "The server's own words tell why: send from where it serves, or with a key that may, which apiKeyEnv (--api-key-env NAME) names.",
  },
  insufficient_quota: {
    what: "The service says that the account has no quota or no credit left. What was not answered stays pending.",
    hint: "Add credit, or wait for the next period.",
  },
  key_refused: {
    what: "The server refuses the key, or wants one and got none. What was not answered stays pending.",
    hint: "Name the environment variable that holds the right key: apiKeyEnv (--api-key-env NAME).",
  },
  rate_limited: {
    what: "The server asks to wait for longer than a run waits: ten minutes. What was not answered stays pending.",
    hint: "Wait a while, or send less at once: requestsPerMinute (--requests-per-minute).",
  },
  server_unreachable: {
    what: "No request gets an answer from the server. What was not answered stays pending.",
    hint: "Check that the server runs, and baseURL (--base-url).",
  },
  unknown_endpoint: {
    what: "The server has no such endpoint at that base URL. What was not answered stays pending.",
    hint: "Check baseURL (--base-url): the version is a part of it, as in http://localhost:11434/v1.",
  },
  unknown_model: {
    what: "The server does not have the model that the requests name. What was not answered stays pending.",
    hint: "Send to a model that the server has: model (--model NAME); GET /models of the server lists them.",
  },

  // Thrown by anything.
  interrupted: {
    what: "Ctrl-C, a termination signal or a closed terminal stopped the run.",
    hint: "Run the same command again when you are ready.",
  },
  invalid_option: {
    what: "An option has a value that it cannot take.",
    hint: "Use one of the values that the message names.",
  },
  missing_package: {
    what: "A package that this needs is not installed.",
    hint: "Install the package that the message names.",
  },
  unexpected_failure: {
    what: "Something happened that openbatch does not know of: most likely a mistake in openbatch itself.",
    hint: "Run it again with OPENBATCH_DEBUG=1 for the whole story, and report that, without your data.",
  },
  wrong_usage: {
    what: "The command line was not understood.",
    hint: "Look at openbatch --help.",
  },

  // Thrown where a file cannot be read or written, whatever it holds.
  disk_full: {
    what: "There is no room left on the disk, or the file may not grow further.",
    hint: "Make room, then run the same again.",
  },
  file_exists: {
    what: "The file is there already, and would have been written over.",
    hint: 'Choose another path, or say what to do with it: mode "append" or "overwrite" (--append, --overwrite).',
  },
  file_failed: {
    what: "The operating system refused to read or write a file.",
    hint: "Look at the system's code in the message and at error.cause.",
  },
  file_in_use: {
    what: "The file is open in this process in a way that excludes what was asked.",
    hint: "Close the other collector first.",
  },
  file_not_found: {
    what: "There is no file at that path.",
    hint: "Check the path; it is relative to the folder where the program runs.",
  },
  no_permission: {
    what: "The operating system does not allow it for this user.",
    hint: "Change the permissions, or choose another folder.",
  },
  not_a_file: {
    what: "The path is a folder, not a file.",
    hint: "Name a file in it.",
  },
  not_a_folder: {
    what: "A part of the path is a file, not a folder.",
    hint: "Check the path.",
  },
  unreadable_input: {
    what: "An input cannot be read to its end.",
    hint: "Check that it is whole: a cut download or a damaged .gz looks like this.",
  },

  // Thrown where requests are collected.
  collector_closed: {
    what: "The collector was closed, and then asked to write.",
    hint: "Open another collector on the file; it appends.",
  },
  format_conflict: {
    what: "A schema was given, and a hand-written format beside it.",
    hint: "Give one of the two.",
  },
  invalid_custom_id: {
    what: "A custom_id is not a non-empty string.",
    hint: "Use a non-empty string.",
  },
  not_a_batch_file: {
    what: "A file that was to be checked, or to be appended to, is not a batch file.",
    hint: "Check the path; nothing was changed.",
  },
  row_failed: {
    what: "A row could not be turned into a request; writing stopped there.",
    hint: 'Mend the row and run again with onDuplicate: "skip", or go past such rows with onError: "skip".',
  },

  // Thrown of templates, and of the rows that they are filled with.
  invalid_image: {
    what: "A local image that a row names cannot be put into its request.",
    hint: "Use a PNG, JPEG, GIF or WebP file in the folder of the table, or name its folder: imageFolder (--images DIR).",
  },
  invalid_table: {
    what: "A table cannot be read as what its name says it is.",
    hint: "Look at the row and line in the message.",
  },
  invalid_template: {
    what: "A template cannot be used as it is written.",
    hint: "Mend it at the place that the message names.",
  },
  invalid_variable: {
    what: "The value for a placeholder is not a string, a number or a boolean.",
    hint: "Turn it into text first.",
  },
  missing_variable: {
    what: "A template has a placeholder for which no value was given.",
    hint: "Give it a value, or write {{ and }} for plain braces.",
  },
  null_cell: {
    what: "A template uses a column whose cell is empty of any value (null) in a row.",
    hint: "Say what null is to be written as: nullText (--null TEXT), or null_text in the template.",
  },

  // Thrown where results are read.
  not_a_results_file: {
    what: "A file that was to hold results holds something else, or those of other requests alone.",
    hint: "Name the output file and the error file of the batch as results (--results).",
  },
  results_closed: {
    what: "The results were closed, and then asked for more.",
    hint: "Open them again with openResults, or close them later.",
  },

  // Thrown before a run sends anything.
  api_key_missing: {
    what: "The server needs a key, and none was found where it was said to be.",
    hint: "Set the environment variable that holds it, or name another: apiKeyEnv (--api-key-env NAME).",
  },
  base_url_missing: {
    what: "Nothing says which server the requests are to go to.",
    hint: "Name it: baseURL (--base-url URL), or OPENAI_BASE_URL in the environment.",
  },
  batch_file_changed: {
    what: "The batch file is another one than when its results were begun, so they may not belong to it.",
    hint: "Write the results elsewhere: output (--output FILE). Or go on by custom_id alone: force (--force).",
  },
  results_file_changed: {
    what: "The results file is no longer the one that the run wrote to.",
    hint: "Put it back, if it was moved away. Then run again: what it does not hold is sent again.",
  },
  invalid_batch_file: {
    what: "The batch file has lines that cannot be sent. Nothing was sent.",
    hint: "Mend them; openbatch validate --for openbatch FILE says more.",
  },
  not_a_run_record: {
    what: "The file where the record of a run belongs holds something else. Nothing was changed.",
    hint: "Move it away, or write the results elsewhere: output (--output FILE).",
  },
  rehearsal_mixed: {
    what: "Results of a rehearsal, which are made up, and real ones would come into one file.",
    hint: "Write to another results file: output (--output FILE).",
  },
  run_differs: {
    what: "The results that are there come from another server or another model than this run would send to.",
    hint: "Write the results elsewhere: output (--output FILE). Or go on all the same: force (--force).",
  },
  run_in_progress: {
    what: "Another run writes the same results file.",
    hint: "Wait for its end, or write elsewhere: output (--output FILE).",
  },

  // Thrown by a job.
  untranslatable_request: {
    what: "A request cannot be said at the service so that its answer is what was asked for.",
    hint: "Change what the message names, or send the request to a service that has it.",
  },
  several_candidates: {
    what: "A batch may have been made before the job was stopped, and several at the service look like it.",
    hint: "Look which of them is the job's, and say so: adopt (--adopt BATCH); or that none is: --adopt none.",
  },
  batch_rejected: {
    what: "The service found errors in a batch when it validated it, and executed none of its requests.",
    hint: "Mend the lines that are named, and give the same command again: that part is sent then, and so is one of which no line is named. With retryFailed (--retry-failed) it is sent as it is.",
  },
  not_a_job_record: {
    what: "The file where the record of a job belongs holds something else. Nothing was changed.",
    hint: "Move it away, or write the results elsewhere: output (--output FILE).",
  },
  results_gone: {
    what: "A batch has ended, and its results are no longer at the service, or it names no file of them.",
    hint: "The same command looks for what was not named. To ask again, and pay again: retryFailed (--retry-failed).",
  },
  service_refused: {
    what: "The service refused what the job asked of it.",
    hint: "Mend what it says, and give the same command again: it goes on where it stopped.",
  },

  // Thrown by the local Batch API when it starts.
  unsupported_runtime: {
    what: "The program runs on something else than Node, which lacks what it needs.",
    hint: "Send requests with Node 20.19 or newer, or with Deno. Under Bun a batch file can be made, checked, rehearsed and read.",
  },
  cannot_listen: {
    what: "A server could not listen where it was told to.",
    hint: "Choose another port: port (--port N; 0 takes any that is free); or stop what listens there.",
  },
  data_folder_in_use: {
    what: "Another server keeps its state in that folder.",
    hint: "Stop that server, or use another folder: data (--data DIR).",
  },
  unfinished_batches: {
    what: "The folder or the database holds batches that were begun in rehearsal, or against a server, and would go on with the other.",
    hint: "Let them end as they were begun, or use another folder, data (--data DIR); or another database, database (--database URL).",
  },

  // Thrown by servers and workers on one database.
  database_away: {
    what: "The database cannot be reached. Nothing is lost: it goes on once the database is back.",
    hint: "See that PostgreSQL runs, and that the address is right: database (--database URL).",
  },
  database_refused: {
    what: "PostgreSQL is there, and refuses: no such database, user or password, no rights, or no trusted connection.",
    hint: "Look at the address: database (--database URL). The user needs to make schemas for openbatch migrate alone.",
  },
  storage_away: {
    what: "The storage that servers and workers share cannot be reached, or written to. Nothing is lost: it goes on once the storage is back.",
    hint: "See that the folder is mounted and has room, or that the endpoint is right (AWS_ENDPOINT_URL_S3): storage (--storage PLACE).",
  },
  storage_refused: {
    what: "The storage that servers and workers share is there, and refuses what is asked: no such bucket, no credentials, another region, or they may not.",
    hint: "Set right what the message says: storage (--storage PLACE). What runs goes on by itself then.",
  },
  schema_differs: {
    what: "The tables in the database are those of an older or a newer openbatch, or there are none yet.",
    hint: "Bring them to this version: openbatch migrate --database URL.",
  },
} as const satisfies Record<string, CodeEntry>;

/** A code of openbatch: the key of {@link codeTable}. */
export type Code = keyof typeof codeTable;
