// What the installed client's types send and the published document (August 2026) does not know yet. Every line is a
// known difference; nothing here switches a check off.
type Json = Readonly<Record<string, unknown>>;

const ASYNC = { async: { type: "boolean" } };

/** Component → properties it has besides the published ones. */
export const ADDED_PROPERTIES: ReadonlyMap<string, Json> = new Map<string, Json>([
  // Async tools: the tool says it, and the model's call of it comes back with it.
  ["FunctionTool", ASYNC],
  ["FunctionToolParam", ASYNC],
  ["CustomToolParam", ASYNC],
  ["FunctionToolCall", ASYNC],
  // The API says a status in its answers, and an answer's items go back as they came.
  ["CustomToolCall", { ...ASYNC, status: { type: "string", enum: ["in_progress", "completed", "incomplete"] } }],
  // An answer's message goes back as it came, which the guides do, too; only the answer's type has annotations.
  ["ChatCompletionRequestAssistantMessage", { annotations: { type: "array" } }],
  ["CreateResponse", { access_programs: { type: ["array", "null"] }, image: { type: ["object", "null"] } }],
]);

/** Components that the document has not. */
export const ADDED_COMPONENTS: ReadonlyMap<string, Json> = new Map<string, Json>([
  [
    "ConfigurationUpdateItemParam",
    {
      type: "object",
      properties: {
        type: { type: "string", enum: ["configuration_update"] },
        id: { type: ["string", "null"] },
        reasoning: { type: "object", properties: { effort: { $ref: "#/components/schemas/ReasoningEffort" } } },
        text: {
          type: "object",
          properties: { format: { $ref: "#/components/schemas/TextResponseFormatConfiguration" } },
          required: ["format"],
        },
      },
      required: ["type"],
    },
  ],
]);

/** Component → properties that it requires and a request may leave out: the document describes them as the API sends them. */
export const OPTIONAL_PROPERTIES: ReadonlyMap<string, readonly string[]> = new Map([
  ["OutputTextContent", ["logprobs", "annotations"]],
]);

/** Component → further members of its union. */
export const ADDED_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["InputItem", ["ConfigurationUpdateItemParam"]],
]);
