// A change of a tool with its label. Labels say what the change means to callers and models, and are decided by hand from
// docs/versions.md, never by running the diff.
import type { Bump, ChangeClass } from "../../../src/tool/contract/index.ts";
import type { ToolVersion } from "../../../src/tool/tool-version.ts";

export type Definition = Readonly<Record<string, unknown>>;

export interface LabelledChange {
  readonly name: string;
  readonly before: Definition;
  readonly after: Definition;
  /** Every class that the change has something of. */
  readonly classes: readonly ChangeClass[];
  readonly bump: Bump;
  /** What no definition can have any more when it is published, as one from a file or an older registry may. */
  readonly raw?: Partial<ToolVersion>;
}

export type Label = (
  name: string,
  classes: readonly ChangeClass[],
  bump: Bump,
  before: Definition,
  after: Definition,
  raw?: Partial<ToolVersion>,
) => LabelledChange;

/** Labels changes of one tool, `base`; what is given before and after is put on top of it. */
export function labelsOf(base: Definition): Label {
  return (name, classes, bump, before, after, raw) => ({
    name: `${String(base["name"])}: ${name}`,
    before: { ...base, ...before },
    after: { ...base, ...after },
    classes,
    bump,
    ...(raw !== undefined && { raw }),
  });
}

/** A list of members, and no others. */
export function closed(properties: Definition, required: readonly string[] = []): Definition {
  return { type: "object", properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

/** A list of members that says nothing of others. */
export function open(properties: Definition, required: readonly string[] = []): Definition {
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}
