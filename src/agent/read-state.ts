// A state from wherever it was kept: untrusted. Here is what its parts look like; whether they fit one another is in
// `check-turn.ts`.
import { ERROR_CODES } from "../errors/codes.ts";
import { isObject } from "../kernel/json.ts";
import type { ChatState } from "./chat-state.ts";
import { checkTurn } from "./check-turn.ts";
import { toStored } from "./json-copy.ts";
import { refuse } from "./refuse-state.ts";

type Fields = Readonly<Record<string, (value: unknown, path: string) => void>>;

/** The state as a frozen copy. Throws INVALID_OPTION that says where, what was received and what was expected. */
export function readState(given: unknown): ChatState {
  const state = toStored(given);
  if (!isObject(state)) throw refuse("state", given, "the state of a chat, as JSON data");
  // Before anything else: another version may look different everywhere.
  if (state["version"] !== 1) throw refuse("state.version", state["version"], "1");
  checkFields(state, "state", STATE);
  const read = state as unknown as ChatState;
  checkTurn(read);
  return read;
}

const text = (value: unknown, path: string): void => {
  if (typeof value !== "string") throw refuse(path, value, "a string");
};
const name = (value: unknown, path: string): void => {
  if (typeof value !== "string" || value === "") throw refuse(path, value, "a string that is not empty");
};
const flag = (value: unknown, path: string): void => {
  if (typeof value !== "boolean") throw refuse(path, value, "true or false");
};
const amount = (value: unknown, path: string): void => {
  if (typeof value !== "number" || value < 0) throw refuse(path, value, "a number of 0 or more");
};
const anything = (): void => {};
const orNull =
  (check: Fields[string]): Fields[string] =>
  (value, path) => {
    if (value !== null) check(value, path);
  };
const listOf =
  (check: Fields[string]): Fields[string] =>
  (value, path) => {
    if (!Array.isArray(value)) throw refuse(path, value, "an array");
    for (const [index, item] of value.entries()) check(item, `${path}[${index}]`);
  };
const objectOf =
  (fields: Fields): Fields[string] =>
  (value, path) => {
    checkFields(value, path, fields);
  };

function checkFields(value: unknown, path: string, fields: Fields): void {
  if (!isObject(value)) throw refuse(path, value, "an object");
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(fields, key)) throw refuse(`${path}.${key}`, value[key], "nothing of that name");
  }
  for (const [key, check] of Object.entries(fields)) {
    check(Object.hasOwn(value, key) ? value[key] : undefined, `${path}.${key}`);
  }
}

const OUTCOME = (value: unknown, path: string): void => {
  if (!isObject(value)) throw refuse(path, value, "an outcome");
  flag(value["ok"], `${path}.ok`);
  const { meta, error } = value;
  if (!isObject(meta)) throw refuse(`${path}.meta`, meta, "an object");
  text(meta["callId"], `${path}.meta.callId`);
  text(meta["tool"], `${path}.meta.tool`);
  if (value["ok"] === true) {
    listOf(anything)(value["content"], `${path}.content`);
    return;
  }
  if (!isObject(error)) throw refuse(`${path}.error`, error, "an object");
  const { code } = error;
  if (typeof code !== "string" || !Object.hasOwn(ERROR_CODES, code)) {
    throw refuse(`${path}.error.code`, code, "a code of an outcome");
  }
  text(error["message"], `${path}.error.message`);
};

const PARTS: ReadonlyMap<unknown, Fields> = new Map<unknown, Fields>([
  ["image", { type: text, data: text, mimeType: text }],
  ["file", { type: text, data: text, mimeType: text, name: text }],
]);
const PART = (value: unknown, path: string): void => {
  const type = isObject(value) ? value["type"] : undefined;
  const fields = PARTS.get(type);
  if (fields === undefined) throw refuse(`${path}.type`, type, '"image" or "file"');
  checkFields(value, path, fields);
};
const MEDIA = objectOf({ parts: listOf(PART), text });
const RESULTS = listOf((value, path) => {
  const hasMedia = isObject(value) && Object.hasOwn(value, "media");
  checkFields(value, path, { id: name, ok: flag, text, ...(hasMedia && { media: MEDIA }) });
});
const MESSAGES: ReadonlyMap<unknown, Fields> = new Map<unknown, Fields>([
  ["user", { role: text, text, turn: name }],
  [
    "assistant",
    {
      role: text,
      text,
      calls: listOf(objectOf({ id: name, tool: text, input: anything })),
      echo: orNull(objectOf({ model: text, items: listOf(anything) })),
    },
  ],
  ["tool", { role: text, results: RESULTS }],
]);
const MESSAGE = (value: unknown, path: string): void => {
  const role = isObject(value) ? value["role"] : undefined;
  const fields = MESSAGES.get(role);
  if (fields === undefined) throw refuse(`${path}.role`, role, '"user", "assistant" or "tool"');
  checkFields(value, path, fields);
};

const STATE: Fields = {
  version: anything,
  turn: name,
  principal: orNull(objectOf({ tenant: name, id: name })),
  messages: listOf(MESSAGE),
  open: listOf(objectOf({ id: name, version: orNull(name), digest: orNull(name), asked: flag })),
  results: RESULTS,
  calls: listOf(objectOf({ id: name, tool: text, input: anything, outcome: OUTCOME })),
  steps: amount,
  usage: orNull(objectOf({ inputTokens: amount, outputTokens: amount })),
};
