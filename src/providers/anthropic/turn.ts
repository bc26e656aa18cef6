// The model's own turn as it can be sent back: the blocks as they came, thinking and signatures too, but for the few that
// the API writes and does not take. Whatever is called is still called, because an answer to it follows.
import { isObject } from "../../kernel/json.ts";
import { toCallId } from "./decode.ts";

type Block = Readonly<Record<string, unknown>>;

/** Blocks whose input has to be an object, each id once. */
const CALLS: ReadonlySet<unknown> = new Set(["tool_use", "server_tool_use"]);

/** The blocks that can stand in a message of the assistant; none for a turn that says nothing. */
export function toTurnBlocks(blocks: readonly unknown[]): readonly unknown[] {
  const ids = new Set<string>();
  let calls = 0;
  return blocks.flatMap((block): readonly Block[] => {
    if (!isObject(block) || isSilent(block)) return [];
    if (!CALLS.has(block["type"])) return [block];
    const id = toCallId(block["id"], block["type"] === "tool_use" ? calls++ : 0);
    // "`tool_use` ids must be unique"; the calls that came later under the same id were not executed.
    if (ids.has(id)) return [];
    ids.add(id);
    const input = isObject(block["input"]) ? block["input"] : {};
    return [id === block["id"] && input === block["input"] ? block : { ...block, id, input }];
  });
}

/** "text content blocks must contain non-whitespace text". */
function isSilent({ type, text }: Block): boolean {
  return type === "text" && (typeof text !== "string" || text.trim() === "");
}
