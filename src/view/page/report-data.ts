import type { ReportContent, ReportRow } from "../wire/report-content.js";
import type { RowPage } from "../wire/row-page.js";
import type { Address } from "./address.js";
import type { PageData } from "./data.js";

/** Shows what a report holds: there is nobody to ask. */
export function createReportData(content: ReportContent): PageData {
  const { summary, columns, rows } = content;
  const filter = (address: Address): readonly ReportRow[] => rows.filter((row) => isWanted(row, address));
  return {
    sources: async () => [summary],
    summary: async () => summary,
    rows: async (address, from, count): Promise<RowPage> => {
      const found = filter(address);
      const shown = found.slice(from, from + count).map(({ cells }) => cells);
      return { total: found.length, isComplete: true, from, columns, rows: shown };
    },
    detail: async (address, custom_id) => {
      const found = filter(address);
      const detail = rows.find(({ cells }) => cells.custom_id === custom_id)?.detail;
      const at = found.findIndex(({ cells }) => cells.custom_id === custom_id);
      return detail && { ...detail, total: found.length, position: at === -1 ? undefined : at };
    },
    line: async () => undefined,
    image: async () => undefined,
  };
}

function isWanted(row: ReportRow, { outcomes, cause, values, text, onlyDifferent }: Address): boolean {
  const { cells, detail } = row;
  if (outcomes.length > 0 && !outcomes.includes(cells.outcome)) return false;
  if (cause !== undefined && row.cause !== cause) return false;
  if (onlyDifferent && !row.isDifferent) return false;
  const isUsable = cells.outcome === "usable";
  if (!values.every((value) => isUsable && hasValue(detail.answer?.text ?? "", value))) return false;
  return text === "" || holds(row, text);
}

/** `parsed.mood="good"`: a place in the answer, and what stands there. */
function hasValue(answer: string, filter: string): boolean {
  const at = filter.indexOf("=");
  const [root, ...steps] = filter.slice(0, at).split(".");
  let found: unknown = answer;
  if (root === "parsed") {
    try {
      found = JSON.parse(answer);
    } catch {
      return false;
    }
  }
  for (const step of steps) found = Object(found)[step];
  return JSON.stringify(found) === filter.slice(at + 1);
}

function holds({ cells, detail: { request, answer, problem } }: ReportRow, text: string): boolean {
  const texts = [
    ...[cells.custom_id, answer?.text, answer?.refusal, answer?.body, problem?.message],
    ...(request?.messages ?? []).map((message) => message.text),
    ...(answer?.toolCalls ?? []).flatMap((call) => [call.name, call.arguments]),
  ];
  const wanted = simplify(text);
  return texts.some((each) => each !== undefined && simplify(each).includes(wanted));
}

function simplify(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}
