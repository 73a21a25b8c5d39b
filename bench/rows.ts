/** One row to make a request of, as a table of product reviews would give it. */
export interface Row {
  readonly id: string;
  readonly product: string;
  readonly review: string;
}

const words =
  "battery screen keyboard light heavy quiet loud fast slow great poor fine returned kept cheap expensive travel coffee week".split(
    " ",
  );

// Rows share a thousand texts, so that making them costs next to nothing in what is measured.
const reviews = Array.from({ length: 1000 }, (_, seed) => toText(seed));

/** Rows that are always the same; a request made of one is a line of about 400 bytes. */
export function* generateRows(count: number): Generator<Row> {
  for (let index = 0; index < count; index++) {
    yield {
      id: `row-${index}`,
      product: `Product ${index % 997}`,
      review: reviews[index % reviews.length] ?? "",
    };
  }
}

/** Rows as they come where so many are on their way at once; the same in every run. */
export function* shuffle(rows: Iterable<Row>, window: number): Generator<Row> {
  const places = new Array<Row | undefined>(window).fill(undefined);
  const draw = drawFrom(1);
  for (const row of rows) {
    const place = Math.floor(draw() * window);
    const ready = places[place];
    if (ready !== undefined) yield ready;
    places[place] = row;
  }
  for (const row of places) if (row !== undefined) yield row;
}

function toText(seed: number): string {
  const chosen = Array.from(
    { length: 30 },
    (_, index) => words[(seed * 31 + index * index * 7) % words.length],
  );
  // As in English text, most rows are ASCII alone, and some have what JSON escapes.
  return `${chosen.join(" ")}${seed % 5 === 0 ? " – très bien" : ""}.${seed % 7 === 0 ? '\n"Would buy again."' : ""}`;
}

const syllables =
  "ba con der est for gen hel ing jo ka lem mor nat ou per qui ran sta ter ul ver wen xi yes zon".split(" ");

/** 120 words of some 15,000 different ones, few of them often, as in a language. */
export function toVariedText(seed: number): string {
  const draw = drawFrom(seed + 1);
  return Array.from({ length: 120 }, () => {
    const rank = Math.floor(syllables.length ** 3 * draw() ** 3);
    return [rank, rank / 25, rank / 625].map((part) => syllables[Math.floor(part) % 25]).join("");
  }).join(" ");
}

/** Numbers from 0 to below 1 that look like chance, and are the same in every run. */
export function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
