/** Goes to a batch, as a link to it does. */
export function openBatch(id: string): void {
  location.hash = toBatchLink(id);
}

/** The address of a batch in this page. */
export function toBatchLink(id: string): string {
  return `#source=${encodeURIComponent(id)}`;
}
