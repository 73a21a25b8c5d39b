import { z } from "zod";

/** What `parse` and `readResults` are given. */
export const Verdict = z
  .object({
    verdict: z.enum(["positive", "negative"]),
    reasons: z.array(z.object({ quote: z.string(), weight: z.number() })),
    wouldBuyAgain: z.boolean().nullable().describe("Whether the author says so; null if not said."),
  })
  .meta({ title: "Verdict" });

export type Verdict = z.infer<typeof Verdict>;
