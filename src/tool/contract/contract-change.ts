// One difference between two published versions of a tool, and what it demands of the version number.
import type { JsonValue } from "../../kernel/json.ts";

/**
 * `breaking`: a caller or model that worked may fail, or meet another effect. `widening`: something more is possible, and
 * everything that worked works. `instruction`: text that models read and may act on. `cosmetic`: nothing that callers or
 * models rely on.
 */
export type ChangeClass = "breaking" | "widening" | "instruction" | "cosmetic";

/** The part of a version that has to grow. */
export type Bump = "major" | "minor" | "patch" | "none";

/** Every class, the gravest first. */
export const CHANGE_CLASSES: readonly ChangeClass[] = Object.freeze([
  "breaking",
  "widening",
  "instruction",
  "cosmetic",
] as const);

/**
 * What each class demands. New instructions are never a patch: who takes patches alone (`~1.2.0`) takes them unread, and a
 * text that steers a model is how a tool that was approved turns against whoever approved it.
 */
const BUMPS: Readonly<Record<ChangeClass, Bump>> = Object.freeze({
  breaking: "major",
  widening: "minor",
  instruction: "minor",
  cosmetic: "patch",
});

const STEPS: readonly Bump[] = ["none", "patch", "minor", "major"];

/** The largest step of all. */
export function toLargest(bumps: readonly Bump[]): Bump {
  return bumps.reduce<Bump>((largest, bump) => (STEPS.indexOf(bump) > STEPS.indexOf(largest) ? bump : largest), "none");
}

export interface ContractChange {
  readonly class: ChangeClass;
  /** Where, as a JSON Pointer into the published definition: `/inputSchema/properties/id`. */
  readonly path: string;
  /** What is different, and for whom that matters. */
  readonly message: string;
  /** What was there; undefined: nothing. */
  readonly before: JsonValue | undefined;
  /** What is there now; undefined: nothing. */
  readonly after: JsonValue | undefined;
  /** What the change demands by itself. */
  readonly bump: Bump;
}

/** What is there before and after. */
export interface BeforeAfter {
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A change of this class. */
export function toChange(
  kind: ChangeClass,
  path: string,
  message: string,
  { before, after }: BeforeAfter,
): ContractChange {
  return {
    class: kind,
    path,
    message,
    before: before as JsonValue | undefined,
    after: after as JsonValue | undefined,
    bump: BUMPS[kind],
  };
}

/** `token` as a part of a JSON Pointer (RFC 6901), with its slash. */
export function toPointerToken(token: string | number): string {
  return `/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
