/** What of a made-up chat completion is its own. */
export interface CompletionParts {
  readonly id: string;
  readonly content: string;
  readonly completionTokens: number;
}

/** The body of a chat completion as the service writes it, with all its members. */
export function createCompletion({ id, content, completionTokens }: CompletionParts): object {
  return {
    id,
    object: "chat.completion",
    created: 1_767_225_600,
    model: "gpt-4o-mini-2024-07-18",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      prompt_tokens: 62,
      completion_tokens: completionTokens,
      total_tokens: 62 + completionTokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
    service_tier: "default",
    system_fingerprint: "fp_560af6e559",
  };
}
