/** A whole number with commas, as in 50,000. Node's own formatting takes 20 ms when it is first used. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
