/** What every prompt of the template has in common. */
export const instructions =
  "Classify the review of a product as positive or negative. Answer with one word, and with nothing else.";
