const end = Symbol("the end of an array or object");
/** In place of a prototype that is not there: `null` is a plain value. */
const noPrototype = Symbol("no prototype");

/** What plain JSON data is made of, in the order in which it is written: names, plain values, and a prototype for each object. */
export function traceOf(value: unknown): readonly unknown[] {
  const trace: unknown[] = [];
  addTo(trace, value);
  return trace;
}

/** Whether a value is made of what a trace holds. */
export function traceMatches(trace: readonly unknown[], value: unknown): boolean {
  return matchFrom(trace, value, 0) === trace.length;
}

function addTo(trace: unknown[], value: unknown): void {
  if (typeof value !== "object" || value === null) {
    trace.push(value);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  trace.push(prototype ?? noPrototype);
  if (prototype === Array.prototype) {
    for (const element of value as readonly unknown[]) addTo(trace, element);
  } else {
    const members = value as Readonly<Record<string, unknown>>;
    for (const name in members) {
      const member = members[name];
      if (member === undefined || !Object.hasOwn(members, name)) continue;
      trace.push(name);
      addTo(trace, member);
    }
  }
  trace.push(end);
}

/** The place behind the value, or -1 where it differs. */
function matchFrom(trace: readonly unknown[], value: unknown, place: number): number {
  if (typeof value !== "object" || value === null) return trace[place] === value ? place + 1 : -1;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (trace[place] !== (prototype ?? noPrototype)) return -1;
  const last =
    prototype === Array.prototype
      ? matchElements(trace, value as readonly unknown[], place + 1)
      : matchMembers(trace, value as Readonly<Record<string, unknown>>, place + 1);
  return last !== -1 && trace[last] === end ? last + 1 : -1;
}

function matchElements(trace: readonly unknown[], elements: readonly unknown[], start: number): number {
  let place = start;
  for (let index = 0; index < elements.length && place !== -1; index += 1)
    place = matchFrom(trace, elements[index], place);
  return place;
}

function matchMembers(
  trace: readonly unknown[],
  members: Readonly<Record<string, unknown>>,
  start: number,
): number {
  let place = start;
  for (const name in members) {
    const member = members[name];
    // biome-ignore lint/suspicious/noPrototypeBuiltins: in a for-in loop the engine knows what comes of it, but not of a constant or Object.hasOwn.
    if (member === undefined || !Object.prototype.hasOwnProperty.call(members, name)) continue;
    if (trace[place] !== name) return -1;
    place = matchFrom(trace, member, place + 1);
    if (place === -1) return -1;
  }
  return place;
}
