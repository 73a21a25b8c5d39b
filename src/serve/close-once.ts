/** Whoever closes again waits for the same end. */
export function closeOnce<Options extends unknown[]>(
  close: (...options: Options) => Promise<void>,
): (...options: Options) => Promise<void> {
  let closing: Promise<void> | undefined;
  return (...options) => {
    closing ??= close(...options);
    return closing;
  };
}
