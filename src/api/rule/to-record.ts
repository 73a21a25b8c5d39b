/** An object with these keys; to set one after the other takes a third of the time of `Object.fromEntries`. */
export function toRecord<Value>(
  keys: readonly string[],
  toValue: (key: string, index: number) => Value,
): Readonly<Record<string, Value>> {
  const record: Record<string, Value> = {};
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    const value = toValue(key, index);
    if (key !== "__proto__") record[key] = value;
    else Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return record;
}
