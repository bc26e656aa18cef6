// The tool with which a model reads on in a result that was too long: page by page, by a pointer into its JSON, or by
// searching it. An id reads only what belongs to who calls.
import { ToolError } from "../../errors/tool-error.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { ArtefactOwner } from "../../ports/artefact-store.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { Tool } from "../../tool/definition.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { selectPart } from "./json-part.ts";
import { findText, type Matches, type Page, toPage } from "./text-page.ts";

export const READER_NAME = "toolyard.read_result";

export interface ReadRequest {
  readonly id: string;
  /** @default 0 */
  readonly cursor?: number;
  /** @default 16,384 */
  readonly limit?: number;
  readonly pointer?: string;
  readonly search?: string;
}

const DEFAULT_LIMIT = 16_384;
const MAX_LIMIT = 32_768;

const INPUT: JsonSchema = {
  type: "object",
  properties: {
    id: { type: "string", minLength: 1, maxLength: 64, description: "The id that the truncated result named." },
    cursor: {
      type: "integer",
      minimum: 0,
      default: 0,
      description:
        "Where to begin, in characters: the cursor that the truncated result named, or the last answer's next.",
    },
    limit: {
      type: "integer",
      minimum: 1,
      maximum: MAX_LIMIT,
      default: DEFAULT_LIMIT,
      description: "Characters of a page.",
    },
    pointer: {
      type: "string",
      maxLength: 1_024,
      description: "For a result that is JSON: reads this part only, a JSON Pointer such as /items/0/name.",
    },
    search: {
      type: "string",
      minLength: 1,
      maxLength: 256,
      description: "Finds this text, upper and lower case alike, and answers with places instead of a page.",
    },
  },
  required: ["id"],
  additionalProperties: false,
};

/**
 * The reader, for holders of `roles`. `read` answers with the kept text, or null when the owner has none of that id.
 * A page is `{ cursor, next, total, text }`; with `search`, `{ matches: [{ cursor, excerpt }], next, total }`, 20 at the
 * most. Its ToolErrors: RESULT_GONE, and with a pointer INVALID_POINTER, NOT_JSON and NO_SUCH_PART.
 */
export function createReaderTool(
  read: (owner: ArtefactOwner, id: string) => MaybePromise<string | null>,
  roles: readonly string[],
): Tool<ReadRequest, Page | Matches> {
  return defineTool({
    name: READER_NAME,
    version: "1.0.0",
    title: "Read a result",
    description:
      "Reads on in a result that was truncated. Give the id and cursor that it named; next is the cursor of the next page, null at the end.",
    effect: "read",
    // The result was paid for when it was made.
    cost: 0.1,
    access: { roles },
    input: INPUT,
    async handler(input, { principal }): Promise<Page | Matches> {
      // The schema has checked it.
      const { id, cursor = 0, limit = DEFAULT_LIMIT, pointer, search } = input as unknown as ReadRequest;
      const kept = await read({ tenant: principal.tenant, principal: principal.id }, id);
      // One text for what is gone and what is somebody else's: otherwise ids could be tried out.
      if (kept === null) {
        throw new ToolError(
          "RESULT_GONE",
          "There is no result of this id, or it is no longer kept. Call the tool that gave it again.",
        );
      }
      const text = pointer === undefined ? kept : selectPart(kept, pointer);
      return search === undefined ? toPage(text, cursor, limit) : findText(text, search, cursor);
    },
  }) as Tool<ReadRequest, Page | Matches>;
}
