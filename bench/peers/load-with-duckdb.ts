// DuckDB makes a table of both files, in one thread. It tells nothing of what is missing, or there twice.
import { openDuckDb } from "../duckdb.js";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, timeTask } from "../report.js";

const { file, count } = readArguments();
const connection = await openDuckDb();

await timeTask(async () => {
  await connection.run(`CREATE TABLE asked AS FROM read_json('${file}', format = 'newline_delimited')`);
  await connection.run(
    `CREATE TABLE answered AS FROM read_json('${resultsOf(file)}', format = 'newline_delimited')`,
  );
  const rows = await connection.runAndReadAll(
    "SELECT count(*)::INTEGER FROM asked JOIN answered USING (custom_id)",
  );
  const [[answers] = []] = rows.getRows();
  if (answers !== count) throw new Error(`Of ${count} results ${String(answers)} were found.`);
});
