// Checks declared grants and copies them, so that what was checked stays what decides.
import { isObject } from "../kernel/json.ts";
import type { Condition, Grant } from "./grant.ts";
import { parseTexts } from "./parse-texts.ts";
import { checkSynchronous, formatNearest, formatReceived, type Problems } from "./problems.ts";
import { findPatternFault } from "./tool-pattern.ts";

type Key = keyof Grant;
type Fields = Readonly<Record<string, unknown>>;

const KEYS: readonly Key[] = ["name", "effect", "tools", "roles", "principals", "scopes", "tenants", "when"];
const EFFECTS: readonly ("allow" | "deny")[] = ["allow", "deny"];
const MAX_NAME_LENGTH = 128;
const NONE: readonly never[] = Object.freeze([]);

/** A checked, frozen grant; its name may still be missing. */
export type ParsedGrant = Grant & { readonly effect: "allow" | "deny" };

/** Reads grants declared at `path`. What is wrong goes to `problems`; the result is then of no use. */
export function parseGrants(
  path: string,
  grants: unknown,
  roles: ReadonlySet<string>,
  problems: Problems,
): readonly ParsedGrant[] {
  if (!Array.isArray(grants)) {
    problems.add(path, `received ${formatReceived(grants)}, expected a list of grants`);
    return NONE;
  }
  return Array.from(grants, (grant: unknown, index) => parseGrant(`${path}[${index}]`, grant, roles, problems));
}

function parseGrant(path: string, grant: unknown, roles: ReadonlySet<string>, problems: Problems): ParsedGrant {
  if (!isObject(grant)) {
    const expected = `an object such as { tools: ["orders.*"], roles: ["USER"] }`;
    problems.add(path, `received ${formatReceived(grant)}, expected ${expected}`);
    return { effect: "allow", tools: NONE };
  }
  for (const key of Object.keys(grant)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    problems.add(`${path}.${key}`, `unknown key, expected one of ${KEYS.join(", ")}${formatNearest(key, KEYS)}`);
  }
  return Object.freeze({
    ...parseName(path, grant, problems),
    effect: parseEffect(path, grant, problems),
    tools: parseTools(path, grant, problems),
    ...parseSubject("roles", path, grant, problems, (role, at) => {
      if (!roles.has(role)) problems.addUnknownRole(at, role, roles);
    }),
    ...parseSubject("principals", path, grant, problems),
    ...parseSubject("scopes", path, grant, problems),
    ...parseSubject("tenants", path, grant, problems),
    ...parseCondition(path, grant, problems),
  });
}

function parseName(path: string, { name }: Fields, problems: Problems): { name?: string } {
  if (name === undefined) return {};
  if (typeof name === "string" && name.length > 0 && name.length <= MAX_NAME_LENGTH) return { name };
  problems.add(`${path}.name`, `received ${formatReceived(name)}, expected 1 to ${MAX_NAME_LENGTH} characters`);
  return {};
}

function parseEffect(path: string, { effect = "allow" }: Fields, problems: Problems): "allow" | "deny" {
  const known = EFFECTS.find((word) => word === effect);
  if (known !== undefined) return known;
  const nearest = typeof effect === "string" ? formatNearest(effect, EFFECTS) : "";
  problems.add(`${path}.effect`, `received ${formatReceived(effect)}, expected "allow" or "deny"${nearest}`);
  return "deny";
}

function parseTools(path: string, { tools }: Fields, problems: Problems): readonly string[] {
  const expected = `expected at least one tool name or pattern, such as "orders.*"`;
  return parseTexts(`${path}.tools`, tools, expected, problems, (pattern, at) => {
    const fault = findPatternFault(pattern);
    if (fault !== null) problems.add(at, `received ${formatReceived(pattern)}, ${fault}`);
  });
}

type Subject = "roles" | "principals" | "scopes" | "tenants";

function parseSubject<K extends Subject>(
  key: K,
  path: string,
  grant: Fields,
  problems: Problems,
  check?: (text: string, path: string) => void,
): { readonly [P in K]?: readonly string[] } {
  const values = grant[key];
  if (values === undefined) return {};
  // An empty list may be meant as "nobody" or as "whoever": a guess would be wrong for half of those who write it.
  const expected = `expected at least one of ${key}; leave the field out when ${key} do not matter`;
  return { [key]: parseTexts(`${path}.${key}`, values, expected, problems, check) } as { [P in K]: readonly string[] };
}

function parseCondition(path: string, { when }: Fields, problems: Problems): { when?: Condition } {
  if (when === undefined) return {};
  checkSynchronous(`${path}.when`, when, "(input, { principal, tool }) => boolean", problems);
  return { when: when as Condition };
}
