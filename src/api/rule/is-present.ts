/** Whether a parameter is given: `null` is as good as absent to the service. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
