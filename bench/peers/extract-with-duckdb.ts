// DuckDB takes nothing out of the same two files but each id with the text of its answer, in one thread.
import { openDuckDb } from "../duckdb.js";
import { resultsOf } from "../inputs/results-of.js";
import { readArguments, timeTask } from "../report.js";

const { file, count } = readArguments();
const connection = await openDuckDb();

await timeTask(async () => {
  await connection.run(`CREATE TABLE answers AS
    SELECT asked.custom_id, answered.response.body.choices[1].message.content AS text
    FROM read_json('${file}', format = 'newline_delimited') asked
    LEFT JOIN read_json('${resultsOf(file)}', format = 'newline_delimited') answered USING (custom_id)`);
  const rows = await connection.runAndReadAll("SELECT count(text)::INTEGER FROM answers");
  const [[texts] = []] = rows.getRows();
  if (texts !== count) throw new Error(`Of ${count} results ${String(texts)} have a text.`);
});
