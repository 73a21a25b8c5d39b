import { useEffect, useState } from "preact/hooks";
import type { DetailAnswer, DetailProblem, DetailRequest, RowDetail } from "../wire/row-detail.js";
import type { Address } from "./address.js";
import type { ImagePlace, PageData } from "./data.js";
import { JsonTree } from "./json-tree.js";
import { LongText } from "./long-text.js";
import type { KnownRows } from "./use-page.js";
import { countText, outcomeWords } from "./words.js";

interface DetailPaneProps {
  readonly data: PageData;
  readonly address: Address;
  readonly rows: KnownRows;
  /** Whether nothing more can be asked for. */
  readonly isReport: boolean;
  /** Changes when more is known. */
  readonly version: string;
  readonly onOpen: (custom_id: string) => void;
  readonly onClose: () => void;
}

/** One request beside what became of it. */
export function DetailPane({ data, address, rows, isReport, version, onOpen, onClose }: DetailPaneProps) {
  const detail = useDetail(data, address, version);
  const go = async (step: number): Promise<void> => {
    const { position } = detail ?? {};
    if (position === undefined) return;
    const at = position + step;
    const row = rows.at(at) ?? (await data.rows(address, at, 1)).rows[0];
    if (row !== undefined) onOpen(row.custom_id);
  };
  const { position, total = 0 } = detail ?? {};
  return (
    <section class="detail" aria-label="Request and answer">
      <div class="detail-head">
        <h2>{address.open}</h2>
        <span aria-live="polite">
          {detail === undefined ? null : (
            <span class={`badge ${detail.outcome}`}>{outcomeWords[detail.outcome]}</span>
          )}
          {position === undefined ? null : ` ${countText(position + 1)} of ${countText(total)}`}
        </span>
        <span class="steps">
          <button type="button" disabled={(position ?? 0) === 0} onClick={() => void go(-1)}>
            Previous
          </button>
          <button
            type="button"
            disabled={position === undefined || position + 1 >= total}
            onClick={() => void go(1)}
          >
            Next
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </span>
      </div>
      {detail === undefined ? null : (
        <DetailBody key={detail.custom_id} {...{ data, address, detail, isReport }} />
      )}
    </section>
  );
}

function useDetail(data: PageData, address: Address, version: string): RowDetail | undefined {
  const [detail, setDetail] = useState<RowDetail>();
  const { open } = address;
  const filter = JSON.stringify({ ...address, columns: [] });
  useEffect(() => {
    let isOver = false;
    const take = (found: RowDetail | undefined): void => {
      if (!isOver) setDetail(found);
    };
    if (open !== undefined) data.detail(address, open).then(take, () => undefined);
    return () => {
      isOver = true;
    };
  }, [data, filter, version]);
  return detail?.custom_id === open ? detail : undefined;
}

interface DetailBodyProps {
  readonly data: PageData;
  readonly address: Address;
  readonly detail: RowDetail;
  readonly isReport: boolean;
}

function DetailBody({ data, address, detail, isReport }: DetailBodyProps) {
  const { request, answer, problem, other, table, row, requestLine, line } = detail;
  return (
    <div class="detail-body">
      {problem === undefined ? null : <Problem problem={problem} />}
      <div class="sides">
        {request === undefined ? null : <Request request={request} />}
        <article>
          <h3>{other === undefined ? "Answer" : detail.file}</h3>
          {answer === undefined ? <p>There is none.</p> : null}
          {answer === undefined ? null : <Answer {...{ data, address, answer, problem, row }} of="result" />}
        </article>
        {other === undefined ? null : (
          <article>
            <h3>{other.file}</h3>
            {other.problem === undefined ? null : <Problem problem={other.problem} />}
            {other.answer === undefined ? <p>There is none.</p> : null}
            {other.answer === undefined ? null : (
              <Answer {...{ data, address, row }} answer={other.answer} problem={other.problem} of="other" />
            )}
          </article>
        )}
      </div>
      {table === undefined ? null : <TableRow cells={table} />}
      {isReport ? null : (
        <>
          <RawLine
            data={data}
            source={address.source}
            row={row}
            of="result"
            title={`Result as it stands in its file${toLineText(line)}`}
          />
          {requestLine === undefined ? null : (
            <RawLine
              data={data}
              source={address.source}
              row={row}
              of="request"
              title={`Request as it stands in the batch file${toLineText(requestLine)}`}
            />
          )}
        </>
      )}
    </div>
  );
}

function toLineText(line: number | undefined): string {
  return line === undefined ? "" : `, line ${countText(line)}`;
}

function Problem({
  problem: { code, message, hint, statusCode, issues },
}: {
  readonly problem: DetailProblem;
}) {
  return (
    <div class="problem-box">
      <h3>
        {statusCode === undefined ? "" : `${statusCode} `}
        {code}
      </h3>
      <LongText text={message} />
      {issues.length === 0 ? null : (
        <ul>
          {issues.map(({ path, message: said }, index) => (
            <li key={index}>
              <code>{path.length === 0 ? "the whole answer" : path.join(".")}</code> {said}
            </li>
          ))}
        </ul>
      )}
      {hint === undefined ? null : <p class="hint">{hint}</p>}
    </div>
  );
}

function Request({ request: { messages, settings } }: { readonly request: DetailRequest }) {
  return (
    <article>
      <h3>Request</h3>
      {messages.map(({ role, text }, index) => (
        <section key={index} class="message">
          <h4>{role}</h4>
          <LongText text={text} />
        </section>
      ))}
      <details>
        <summary>Settings</summary>
        <LongText text={settings} />
      </details>
    </article>
  );
}

interface AnswerProps {
  readonly data: PageData;
  readonly address: Address;
  readonly row: number;
  readonly answer: DetailAnswer;
  readonly problem: DetailProblem | undefined;
  readonly of: ImagePlace["of"];
}

function Answer({ data, address, row, answer, problem, of }: AnswerProps) {
  const { text, refusal, toolCalls, images, imagesElsewhere, body, finish, note, model, usage } = answer;
  const facts = [
    ...(model === undefined ? [] : [model]),
    ...(finish === undefined ? [] : [`ends with ${finish}`]),
    ...(usage === undefined ? [] : [`${countText(usage.input)} tokens in, ${countText(usage.output)} out`]),
    ...(note === undefined ? [] : [note]),
  ];
  return (
    <>
      {text === undefined ? null : <AnswerText text={text} problem={problem} />}
      {refusal === undefined ? null : (
        <section class="message">
          <h4>refusal</h4>
          <LongText text={refusal} />
        </section>
      )}
      {toolCalls.map((call, index) => (
        <section key={index} class="message">
          <h4>calls {call.name}</h4>
          <LongText text={call.arguments} />
        </section>
      ))}
      {images === 0 ? null : <Images {...{ data, row, images, of }} source={address.source} />}
      {imagesElsewhere === 0 ? null : (
        <p>{countText(imagesElsewhere)} images are elsewhere, and are not fetched.</p>
      )}
      {body === undefined ? null : <LongText text={body} />}
      <p class="facts">{facts.join(" · ")}</p>
    </>
  );
}

/** JSON is drawn as what it is, with what the schema complains of at its place. */
function AnswerText({
  text,
  problem,
}: {
  readonly text: string;
  readonly problem: DetailProblem | undefined;
}) {
  const value = parse(text);
  const [isPlain, setPlain] = useState(false);
  if (value === undefined) return <LongText text={text} />;
  return (
    <>
      {isPlain ? <LongText text={text} /> : <JsonTree value={value} issues={problem?.issues ?? []} />}
      <button type="button" class="plain" onClick={() => setPlain(!isPlain)}>
        {isPlain ? "Show it as JSON" : "Show it as it was written"}
      </button>
    </>
  );
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

interface ImagesProps {
  readonly data: PageData;
  readonly source: string;
  readonly row: number;
  readonly images: number;
  readonly of: ImagePlace["of"];
}

/** Drawn from the bytes that were saved, and only when that is wanted. */
function Images({ data, source, row, images, of }: ImagesProps) {
  const [urls, setUrls] = useState<readonly (string | undefined)[]>();
  const show = async (): Promise<void> => {
    const numbers = Array.from({ length: images }, (_, index) => index);
    setUrls(await Promise.all(numbers.map((index) => data.image(source, { row, index, of }))));
  };
  if (urls === undefined)
    return (
      <button type="button" onClick={() => void show()}>
        Show {images === 1 ? "the image" : `the ${countText(images)} images`}
      </button>
    );
  return (
    <div class="images">
      {urls.map((url, index) =>
        url === undefined ? (
          <p key={index}>An image of a kind that is not shown.</p>
        ) : (
          <img key={index} src={url} alt={`${index + 1} of the answer`} />
        ),
      )}
    </div>
  );
}

function TableRow({ cells }: { readonly cells: Readonly<Record<string, string>> }) {
  return (
    <details open>
      <summary>Row of the table</summary>
      <dl>
        {Object.entries(cells).map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <LongText text={text} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface RawLineProps {
  readonly data: PageData;
  readonly source: string;
  readonly row: number;
  readonly of: "request" | "result";
  readonly title: string;
}

function RawLine({ data, source, row, of, title }: RawLineProps) {
  const [line, setLine] = useState<string>();
  const load = async (isOpen: boolean): Promise<void> => {
    if (isOpen && line === undefined) setLine((await data.line(source, row, of)) ?? "There is no such line.");
  };
  return (
    <details onToggle={(event) => void load(event.currentTarget.open)}>
      <summary>{title}</summary>
      {line === undefined ? null : <LongText text={line} />}
    </details>
  );
}
