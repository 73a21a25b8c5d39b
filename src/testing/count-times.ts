/** Says of a thing whether it happens to it one of the first so many times. */
export function countTimes(times: number): (thing: string) => boolean {
  const counts = new Map<string, number>();
  return (thing) => {
    const count = (counts.get(thing) ?? 0) + 1;
    if (times > 0) counts.set(thing, count);
    return count <= times;
  };
}
