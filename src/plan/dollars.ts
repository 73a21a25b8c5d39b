/** An amount in US dollars, rounded up: to cents, or to hundredths of a cent where it is below ten cents. */
export function toDollars(amount: number): string {
  const digits = amount !== 0 && amount < 0.1 ? 4 : 2;
  // What a binary fraction is off by is not to be rounded up.
  return `$${(Math.ceil(amount * 10 ** digits - 1e-6) / 10 ** digits).toFixed(digits)}`;
}
