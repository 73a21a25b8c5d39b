import type { ColumnChunk, SchemaElement } from "hyparquet";
import type { ParquetWriter } from "hyparquet-writer";
import { writeDataPageV2 } from "hyparquet-writer/src/datapage.js";

export type Vector = Float32Array | null;

/** By the format, for what is optional in a list that is optional. */
const absentLevel = 0;
const emptyLevel = 1;
const presentLevel = 3;

/**
 * Writes a column of vectors into a row group: one page of plain numbers. As rows of any other kind they would be gone through
 * number by number, ten times as slowly and in ten times the memory.
 *
 * @param elements of the column in the schema: the list, what is repeated, and the number.
 */
export function writeVectors(
  { writer, compressors }: ParquetWriter,
  elements: readonly [SchemaElement, SchemaElement, SchemaElement],
  vectors: readonly Vector[],
): ColumnChunk {
  const start = writer.offset;
  const path = elements.map(({ name }) => name);
  const column = {
    columnName: path.join("."),
    element: elements[2],
    schemaPath: [{ name: "root" }, ...elements],
    codec: "SNAPPY" as const,
    compressors: { SNAPPY: compressors.SNAPPY },
    ...{ stats: false, pageSize: 0, columnIndex: false, offsetIndex: false },
  };
  const pageData = toPageData(vectors);
  const uncompressed = writeDataPageV2({ writer, column, encoding: "PLAIN", pageData });
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: "FLOAT",
      encodings: ["PLAIN"],
      path_in_schema: path,
      codec: column.codec,
      num_values: BigInt(pageData.definitionLevels.length),
      total_compressed_size: BigInt(writer.offset - start),
      total_uncompressed_size: BigInt(uncompressed),
      data_page_offset: BigInt(start),
    },
  };
}

/** All numbers in a row, and of each whether it begins a vector. A vector that is absent or empty has one place, without a number. */
function toPageData(vectors: readonly Vector[]) {
  const numbers = vectors.reduce((sum, vector) => sum + (vector?.length ?? 0), 0);
  const places = vectors.reduce((sum, vector) => sum + (vector?.length || 1), 0);
  const values = new Float32Array(numbers);
  const definitionLevels = new Array<number>(places).fill(presentLevel);
  const repetitionLevels = new Array<number>(places).fill(1);
  let [place, filled] = [0, 0];
  for (const vector of vectors) {
    repetitionLevels[place] = 0;
    if (!vector?.length) definitionLevels[place] = vector === null ? absentLevel : emptyLevel;
    else values.set(vector, filled);
    filled += vector?.length ?? 0;
    place += vector?.length || 1;
  }
  return { values, definitionLevels, repetitionLevels, maxDefinitionLevel: presentLevel };
}
