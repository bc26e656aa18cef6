// Whether every object that one saying about members accepts is accepted by another. Members are compared name by name where
// either side names them; all other names by which patterns they fit.
import { matchesPattern } from "./accepts-value.ts";
import type { Node } from "./document.ts";
import type { MemberFacet } from "./facets.ts";
import { type Reading, READINGS } from "./reading.ts";

interface Asked {
  isSubset(small: Node, large: Node, reading: Reading): boolean;
  isNothing(node: Node): boolean;
  undecided(reason: string): false;
}

export interface Member {
  /** What is said of it; null: nothing. */
  readonly node: Node | null;
  /** Whether it is in a list of members, other than as one that must not be. */
  readonly isListed: boolean;
  /** Whether it may fit a pattern that cannot be run. */
  readonly isUnsure: boolean;
}

/** More patterns than this are not compared: each subset of them is a case. */
const MAX_PATTERNS = 4;

/** What is said of the member `name`. */
export function toMember({ parts, required }: MemberFacet, name: string): Member {
  const said = parts.map((part) => toSaid(part, name));
  const nodes = said.flatMap((one) => one.nodes);
  const isListed = required.has(name) || said.some((one) => one.isListed);
  const isUnsure = said.some((one) => one.isUnsure);
  const [first] = nodes;
  return { node: first === undefined ? null : first.table.join(nodes), isListed, isUnsure };
}

/** What one part says of the member `name`. */
function toSaid(
  { properties, patterns, rest, isListing }: MemberFacet["parts"][number],
  name: string,
): { readonly nodes: readonly Node[]; readonly isListed: boolean; readonly isUnsure: boolean } {
  const own = properties.get(name);
  const answers = patterns.map(([pattern, node]) => [matchesPattern(pattern, name), node] as const);
  const matched = answers.filter(([answer]) => answer === true).map(([, node]) => node);
  if (own !== undefined) matched.push(own);
  const isUnsure = answers.some(([answer]) => answer === null);
  const isListed = own !== undefined && isListing && !own.isNothing;
  if (matched.length > 0) return { nodes: matched, isListed, isUnsure };
  return { nodes: rest === null || isUnsure ? [] : [rest], isListed, isUnsure };
}

/** What is said of members that nobody names and that fit these patterns and no other; null: nothing. */
export function toOther({ parts }: MemberFacet, fitting: ReadonlySet<string>): Node | null {
  const nodes = parts.flatMap(({ patterns, rest }) => {
    const matched = patterns.filter(([pattern]) => fitting.has(pattern)).map(([, node]) => node);
    return matched.length > 0 ? matched : rest === null ? [] : [rest];
  });
  const [first] = nodes;
  return first === undefined ? null : first.table.join(nodes);
}

/** The names that a list of members or of required ones has. */
export function toNamed({ parts, required }: MemberFacet): ReadonlySet<string> {
  return new Set([...parts.flatMap(({ properties }) => [...properties.keys()]), ...required]);
}

/** The patterns of names. */
export function toPatterns({ parts }: MemberFacet): readonly string[] {
  return [...new Set(parts.flatMap(({ patterns }) => patterns.map(([pattern]) => pattern)))];
}

/** Whether every object of `small` is one of `large`. */
export function coversMembers(asked: Asked, small: MemberFacet, large: MemberFacet, reading: Reading): boolean {
  const possible = toPossible(asked, small);
  const required = toRequired(small, possible);
  if ([...large.required].some((name) => !required.has(name))) return false;
  const names = new Set([...toNamed(small), ...toNamed(large)]);
  if (large.min > Math.max(small.min, required.size)) return false;
  if (large.max < Math.min(small.max, possible?.length ?? Number.POSITIVE_INFINITY)) return false;
  for (const name of names) if (!coversMember(asked, name, small, large, reading)) return false;
  return (
    coversOthers(asked, small, large, reading) &&
    large.names.every((node) => hasNames(asked, small, node)) &&
    large.together.every(([name, needed]) => areTogether(asked, small, [name, ...required], needed))
  );
}

/** Whether what `small` says of the member `name` is within what `large` says. */
export function coversMember(
  asked: Asked,
  name: string,
  small: MemberFacet,
  large: MemberFacet,
  reading: Reading,
): boolean {
  const [one, other] = [toMember(small, name), toMember(large, name)];
  const { newIsUnsent, keepsListed, keepsPromised } = READINGS[reading];
  if (other.isUnsure) return asked.undecided("a pattern of names cannot be run");
  if (keepsListed && hasVanished(asked, one, other)) return false;
  if (keepsPromised && hasVanished(asked, other, one)) return false;
  if (other.node === null) return true;
  if (one.node !== null) return asked.isNothing(one.node) || asked.isSubset(one.node, other.node, reading);
  const isUnsent = newIsUnsent && other.isListed && hasList(small);
  return isUnsent || asked.isSubset(other.node.table.anything, other.node, reading);
}

function hasVanished(asked: Asked, listed: Member, other: Member): boolean {
  if (!listed.isListed || other.isListed || !isUndescribed(asked, other.node)) return false;
  // Listed by one part and ruled out by another, it was not there before.
  return listed.node === null || !asked.isNothing(listed.node);
}

/** Nothing is said of it, or that it may be anything, or that it cannot be. */
export function isUndescribed(asked: Pick<Asked, "isNothing">, node: Node | null): boolean {
  return node === null || node.parts.length === 0 || asked.isNothing(node);
}

function hasList({ parts }: MemberFacet): boolean {
  return parts.some(({ isListing }) => isListing);
}

function coversOthers(asked: Asked, small: MemberFacet, large: MemberFacet, reading: Reading): boolean {
  const patterns = [...new Set([...toPatterns(small), ...toPatterns(large)])];
  if (patterns.length > MAX_PATTERNS) return asked.undecided("there are too many patterns of names");
  for (let bits = 0; bits < 2 ** patterns.length; bits++) {
    const fitting = new Set(patterns.filter((_pattern, index) => (bits >> index) % 2 === 1));
    const [one, other] = [toOther(small, fitting), toOther(large, fitting)];
    if (other === null || (one !== null && asked.isNothing(one))) continue;
    if (!asked.isSubset(one ?? other.table.anything, other, reading))
      return patterns.length > 0 && asked.undecided("patterns of names are not compared with one another");
  }
  return true;
}

/** The members that can be there, when they are known; null: any. */
function toPossible(asked: Asked, facet: MemberFacet): readonly string[] | null {
  if (toPatterns(facet).length > 0) return null;
  const other = toOther(facet, new Set());
  if (other === null || !asked.isNothing(other)) return null;
  return [...toNamed(facet)].filter((name) => {
    const { node } = toMember(facet, name);
    return node === null || !asked.isNothing(node);
  });
}

/** What is always there: also what is needed by it, and everything where there have to be so many. */
function toRequired({ required, together, min }: MemberFacet, possible: readonly string[] | null): ReadonlySet<string> {
  if (possible !== null && possible.length <= min) return new Set([...required, ...possible]);
  return together.length === 0 ? required : withNeeded(required, together);
}

function withNeeded(names: Iterable<string>, together: MemberFacet["together"]): ReadonlySet<string> {
  const all = new Set(names);
  // Grows while it is walked.
  for (const name of all)
    for (const [other, needed] of together) if (other === name) for (const one of needed) all.add(one);
  return all;
}

function hasNames(asked: Asked, small: MemberFacet, node: Node): boolean {
  return (
    small.names.some((other) => asked.isSubset(other, node, "strict")) ||
    asked.undecided("what the names of members have to be is written differently")
  );
}

/** Whether the first of `names` never comes without those that it needs, where all the others do. */
function areTogether(asked: Asked, small: MemberFacet, names: readonly string[], needed: readonly string[]): boolean {
  const beside = withNeeded(names, small.together);
  if (needed.every((one) => beside.has(one))) return true;
  const { node } = toMember(small, names[0] as string);
  return node !== null && asked.isNothing(node);
}
