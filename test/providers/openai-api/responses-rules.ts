// What Responses asks of a conversation: calls and their outputs are paired by `call_id`, wherever they stand, and what the
// model said comes back whole: namespaces, callers, programs, reasoning. Calls of tools that nobody declared are fine.
import { createMemory, type Memory, recallConversation, toItems } from "./memory.ts";
import { type ApiProblem, checkLength, checkName, isObject, type Json, refuse, toObjects, toText } from "./problem.ts";
import { checkResponsesTools, isCallable } from "./tool-rules.ts";

const MAX_NAME = 128;
const MAX_CALL_ID = 64;

/** Type of an output → the call it answers, and the API's words for it. */
const ANSWERS: ReadonlyMap<unknown, { readonly call: string; readonly said: string }> = new Map([
  ["function_call_output", { call: "function_call", said: "function call" }],
  ["custom_tool_call_output", { call: "custom_tool_call", said: "custom tool call" }],
  ["tool_search_output", { call: "tool_search_call", said: "tool search call" }],
]);
const SAID: ReadonlyMap<unknown, string> = new Map([...ANSWERS.values()].map(({ call, said }) => [call, said]));

/** Types of items → how the ids begin that the API gives them. */
const ID_PREFIXES: ReadonlyMap<unknown, string> = new Map([
  ["function_call", "fc"],
  ["custom_tool_call", "ctc"],
  ["reasoning", "rs"],
  ["tool_search_call", "tsc"],
]);

/** What the model said besides calls, which reasoning leads to. */
const SPOKEN = new Set<unknown>(["reasoning", "program", "mcp_list_tools", "mcp_approval_request", "compaction"]);

/** The first rule that a conversation breaks, with the tools it had loaded. */
export function checkConversation(body: Json, memory: Memory = createMemory()): ApiProblem | null {
  const { previous_response_id: previous } = body;
  if (typeof previous === "string" && !memory.conversations.has(previous)) {
    const text = `Previous response with id '${previous}' not found.`;
    return refuse(text, "previous_response_id", "previous_response_not_found");
  }
  return new Conversation(body, memory).check();
}

/** The tools that a request offers: declared, and loaded by its items. */
export function findOffered(body: Json, memory: Memory): readonly Json[] {
  const items = [...recallConversation(memory, body), ...toItems(body["input"])];
  const loaded = items.filter(({ type }) => type === "tool_search_output" || type === "additional_tools");
  return [...toObjects(body["tools"]), ...loaded.flatMap(({ tools }) => toObjects(tools))];
}

class Conversation {
  readonly #memory: Memory;
  readonly #before: readonly Json[];
  readonly #items: readonly Json[];
  readonly #offered: readonly Json[];
  readonly #open = new Map<string, Json>();
  readonly #answered = new Set<string>();
  readonly #ids = new Set<unknown>();
  readonly #programs = new Set<unknown>();

  constructor(body: Json, memory: Memory) {
    this.#memory = memory;
    this.#before = recallConversation(memory, body);
    this.#items = toItems(body["input"]).map((item) => this.#dereference(item));
    this.#offered = findOffered(body, memory);
  }

  #dereference(item: Json): Json {
    return item["type"] === "item_reference" ? (this.#memory.items.get(item["id"]) ?? item) : item;
  }

  check(): ApiProblem | null {
    // Of what the API kept it knows that it is right; only what is still open matters.
    for (const item of this.#before) this.#take(item);
    for (const [index, item] of this.#items.entries()) {
      const param = `input[${index}]`;
      const problem = this.#checkItem(item, param, this.#items[index + 1]) ?? this.#checkPairing(item, param);
      if (problem !== null) return problem;
    }
    for (const call of this.#open.values()) {
      if (call["async"] === true) continue;
      return refuse(`No tool output found for ${SAID.get(call["type"])} ${toText(call["call_id"])}.`, "input");
    }
    return null;
  }

  /** Notes an item that is in order. */
  #take(item: Json): void {
    const { type, call_id: id, execution } = item;
    if (type === "program") this.#programs.add(id);
    // The API's own searches ask nobody.
    if (SAID.has(type) && !(type === "tool_search_call" && execution !== "client")) {
      this.#open.set(`${toText(type)} ${toText(id)}`, item);
    }
    const answer = ANSWERS.get(type);
    if (answer === undefined) return;
    const key = `${answer.call} ${toText(id)}`;
    this.#open.delete(key);
    this.#answered.add(key);
  }

  #checkItem(item: Json, param: string, next: Json | undefined): ApiProblem | null {
    return (
      this.#checkId(item, param) ??
      this.#checkReasoning(item, next) ??
      (item["type"] === "function_call" || item["type"] === "custom_tool_call" ? this.#checkCall(item, param) : null) ??
      (Array.isArray(item["tools"]) ? checkResponsesTools(toObjects(item["tools"]), `${param}.tools`) : null)
    );
  }

  #checkId({ type, id, role }: Json, param: string): ApiProblem | null {
    if (id === undefined || id === null) return null;
    if (this.#ids.has(id)) {
      const text = `Duplicate item found with id ${toText(id)}. Remove duplicate items from your input and try again.`;
      return refuse(text, "input");
    }
    this.#ids.add(id);
    if (type === "item_reference") return toNotFound(id);
    const prefix = role === "assistant" ? "msg" : ID_PREFIXES.get(type);
    if (prefix === undefined || toText(id).startsWith(prefix)) return null;
    const text = `Invalid '${param}.id': '${toText(id)}'. Expected an ID that begins with '${prefix}'.`;
    return refuse(text, `${param}.id`, "invalid_value");
  }

  #checkReasoning(item: Json, next: Json | undefined): ApiProblem | null {
    const { type, id } = item;
    if (type === "reasoning") {
      if (typeof item["encrypted_content"] !== "string" && !this.#memory.items.has(id)) return toNotFound(id);
      const followed = next !== undefined && isSpoken(next);
      const text = `Item '${toText(id)}' of type 'reasoning' was provided without its required following item.`;
      return followed ? null : refuse(text, "input");
    }
    const reason = this.#memory.reasons.get(id);
    if (reason === undefined || this.#ids.has(reason) || this.#before.some((one) => one["id"] === reason)) return null;
    const text = `Item '${toText(id)}' of type '${toText(type)}' was provided without its required 'reasoning' item: '${reason}'.`;
    return refuse(text, "input");
  }

  #checkCall(call: Json, param: string): ApiProblem | null {
    return (
      checkName(call["name"], `${param}.name`, MAX_NAME) ??
      checkLength(call["call_id"], `${param}.call_id`, MAX_CALL_ID) ??
      this.#checkNamespace(call, param) ??
      this.#checkProgram(call, param)
    );
  }

  #checkNamespace(call: Json, param: string): ApiProblem | null {
    const { name, namespace, call_id: id } = call;
    const said = this.#memory.calls.get(id);
    // As the API said it, it is right, whatever the tools are by now.
    const isRight =
      said !== undefined && said["name"] === name
        ? said["namespace"] === undefined || said["namespace"] === namespace
        : namespace !== undefined || !this.#isOnlyInNamespace(call);
    if (isRight) return null;
    const text = `Missing namespace for function_call '${toText(name)}'. It does not exist in the default namespace. Round-trip the model's function_call item with its namespace field included.`;
    return refuse(text, `${param}.namespace`);
  }

  /** A tool that is loaded by a search has its own name for a namespace. */
  #isOnlyInNamespace({ name }: Json): boolean {
    const isThis = (tool: Json): boolean => isCallable(tool) && tool["name"] === name;
    const isDefault = this.#offered.some((tool) => isThis(tool) && tool["defer_loading"] !== true);
    return !isDefault && this.#offered.some((tool) => isThis(tool) || toObjects(tool["tools"]).some(isThis));
  }

  /** No recording of the API's own words. */
  #checkProgram(call: Json, param: string): ApiProblem | null {
    const { caller } = call;
    if (!isObject(caller) || caller["type"] !== "program" || this.#programs.has(caller["caller_id"])) return null;
    const text = `No program found for caller_id ${toText(caller["caller_id"])}.`;
    return refuse(text, `${param}.caller`);
  }

  #checkPairing(item: Json, param: string): ApiProblem | null {
    const { type, call_id: id } = item;
    const answer = ANSWERS.get(type);
    if (answer === undefined) {
      const key = `${toText(type)} ${toText(id)}`;
      // No recording of the API's own words.
      if (SAID.has(type) && (this.#open.has(key) || this.#answered.has(key)) && id !== null)
        return refuse(`Duplicate call_id ${toText(id)}.`, `${param}.call_id`);
      this.#take(item);
      return null;
    }
    // Output of the API's own search.
    if (type === "tool_search_output" && item["execution"] !== "client") return null;
    const key = `${answer.call} ${toText(id)}`;
    const call = this.#open.get(key);
    if (call === undefined) {
      const text = this.#answered.has(key)
        ? `Duplicate output for ${answer.said} with call_id ${toText(id)}.`
        : `No tool call found for ${answer.said} output with call_id ${toText(id)}.`;
      return refuse(text, "input");
    }
    this.#take(item);
    return checkEcho(item, call, param);
  }
}

function isSpoken({ type, role }: Json): boolean {
  return role === "assistant" || SPOKEN.has(type) || toText(type).endsWith("_call");
}

function toNotFound(id: unknown): ApiProblem {
  const why =
    "Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.";
  return { ...refuse(`Item with id '${toText(id)}' not found. ${why}`, "input"), status: 404 };
}

/** No recording of the API's own words. */
function checkEcho(output: Json, call: Json, param: string): ApiProblem | null {
  const wanted = isObject(call["caller"]) ? call["caller"] : { type: "direct" };
  const caller = isObject(output["caller"]) ? output["caller"] : { type: "direct" };
  if (wanted["type"] !== caller["type"] || wanted["caller_id"] !== caller["caller_id"]) {
    const text = `Invalid '${param}.caller': it must be the caller of the call ${toText(call["call_id"])}.`;
    return refuse(text, `${param}.caller`, "invalid_value");
  }
  for (const field of ["name", "namespace"]) {
    const said = output[field];
    if (said === undefined || said === null || said === call[field]) continue;
    const text = `Invalid '${param}.${field}': '${toText(said)}' is not the ${field} of the call ${toText(call["call_id"])}.`;
    return refuse(text, `${param}.${field}`, "invalid_value");
  }
  return null;
}
