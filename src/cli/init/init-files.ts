/** A template that shows what templates can do. */
export const starterTemplate = `# A template for "openbatch build": each row of the table becomes one request.
# {column} stands for the row's value of that column; {{ and }} are plain braces.

endpoint: /v1/responses # or /v1/chat/completions, /v1/embeddings, ...

# Names each request, so that its result can be found again. It must differ from row to row.
# Without this line: row-000001, row-000002, ...
custom_id: "review-{id}"

# Whatever the endpoint takes beside the prompt and the format of the answer.
parameters:
  model: gpt-5.4-mini
  reasoning: { effort: low }
  max_output_tokens: 400

# The prompt. For /v1/chat/completions write "messages:" instead of "input:".
input:
  - role: developer
    content: >-
      You read reviews of hotels. Judge only what the guest wrote.
  - role: user
    content: |-
      Hotel: {hotel}
      Stars given: {stars}
      Review: {review}

# The answers are held to this JSON Schema. It may stand in a file of its own: schema: ./review.schema.json
schema_name: review
schema:
  type: object
  properties:
    sentiment:
      type: string
      enum: [positive, mixed, negative]
    complaints:
      type: array
      items: { type: string }
      description: What the guest complains of, each in at most five words.
  required: [sentiment, complaints]
  additionalProperties: false
`;

/** A table that fits to it. */
export const starterTable = `id,hotel,stars,review
1,Harbour View,5,"Quiet room, kind staff. We will be back."
2,Old Mill,2,"The heating did not work.
Breakfast was good, though."
3,Central Rooms,3,"Clean and cheap. The walls are thin: we heard every word of the ""quiet"" neighbours."
`;
