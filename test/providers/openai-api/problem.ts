// What OpenAI's API says of a request it refuses. The texts follow recorded answers; where none is known the rule says so.

/** The `error` of a refusal; its `type` is always `invalid_request_error`. */
export interface ApiProblem {
  readonly message: string;
  readonly param: string | null;
  readonly code: string | null;
  /** @default 400 */
  readonly status?: number;
}

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list that may be none; the schemas have been checked before. */
export function toObjects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A value in a text. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
}

export function refuse(message: string, param: string | null = null, code: string | null = null): ApiProblem {
  return { message, param, code };
}

/** The first problem that `find` finds in a list. */
export function findFirst<T>(
  list: readonly T[],
  find: (one: T, index: number) => ApiProblem | null,
): ApiProblem | null {
  for (const [index, one] of list.entries()) {
    const problem = find(one, index);
    if (problem !== null) return problem;
  }
  return null;
}

const NAME_PATTERN = "^[a-zA-Z0-9_-]+$";
const NAME = new RegExp(NAME_PATTERN);

/** Names of tools and namespaces. */
export function checkName(name: unknown, param: string, maxLength: number): ApiProblem | null {
  if (typeof name !== "string" || !NAME.test(name)) {
    const wanted = `Expected a string that matches the pattern '${NAME_PATTERN}'.`;
    return refuse(`Invalid '${param}': string does not match pattern. ${wanted}`, param, "invalid_value");
  }
  return checkLength(name, param, maxLength);
}

export function checkLength(text: unknown, param: string, maxLength: number): ApiProblem | null {
  if (typeof text !== "string" || text.length <= maxLength) return null;
  const wanted = `Expected a string with maximum length ${maxLength}, but got a string with length ${text.length} instead.`;
  return refuse(`Invalid '${param}': string too long. ${wanted}`, param, "string_above_max_length");
}

export function checkCount(list: unknown, param: string, minItems: number, maxItems: number): ApiProblem | null {
  if (!Array.isArray(list)) return null;
  if (list.length < minItems) return toEmptyArray(param, minItems);
  if (list.length <= maxItems) return null;
  const wanted = `Expected an array with maximum length ${maxItems}, but got an array with length ${list.length} instead.`;
  return refuse(`Invalid '${param}': array too long. ${wanted}`, param, "array_above_max_length");
}

export function toEmptyArray(param: string, minItems = 1): ApiProblem {
  const wanted = `Expected an array with minimum length ${minItems}, but got an empty array instead.`;
  return refuse(`Invalid '${param}': empty array. ${wanted}`, param, "empty_array");
}
