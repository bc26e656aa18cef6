// Where in a schema the compiler is: named for people, and counted, so that no schema takes it too deep.
import type { JsonSchema } from "../../tool/schema/schema.ts";

export interface Place {
  /** As in `SchemaChange`. */
  readonly path: string;
  /** Levels of objects and arrays, the root being 1; what limits of providers are about. */
  readonly depth: number;
  /** Schemas on the way here. */
  readonly steps: number;
  /** Whether every value of the schema has this place: no property on the way may be left out. */
  readonly required: boolean;
  /** Targets of references that are being written out on the way here. */
  readonly inlined: readonly JsonSchema[];
}

export const ROOT: Place = Object.freeze({
  path: "",
  depth: 1,
  steps: 0,
  required: true,
  inlined: Object.freeze([]),
});

export function isRoot(at: Place): boolean {
  return at.path === "";
}

/** The place for a message. */
export function toText({ path }: Place): string {
  return path === "" ? "the root" : path;
}

export function toProperty(at: Place, name: string, required: boolean): Place {
  const step = /^[A-Za-z_$][\w$-]*$/.test(name) ? name : `[${JSON.stringify(name.slice(0, 64))}]`;
  const path = at.path === "" ? step : step.startsWith("[") ? `${at.path}${step}` : `${at.path}.${step}`;
  return { ...at, path, depth: at.depth + 1, steps: at.steps + 1, required: at.required && required };
}

/** The members of a map (`{}`), the items of an array (`[]`), one item of a tuple (`[0]`). */
export function toMember(at: Place, step: string): Place {
  return { ...at, path: `${at.path}${step}`, depth: at.depth + 1, steps: at.steps + 1 };
}

/** A schema for the same value: an alternative (`|0`), a part (`&0`), a condition (`?if`). */
export function toPart(at: Place, step: string): Place {
  return { ...at, path: `${at.path}${step}`, steps: at.steps + 1 };
}

/** The same place, one schema further. */
export function toSame(at: Place, inlined: readonly JsonSchema[] = []): Place {
  return { ...at, steps: at.steps + 1, inlined: inlined.length === 0 ? at.inlined : [...at.inlined, ...inlined] };
}

/** A definition. Whoever refers to it may do so from anywhere. */
export function toDefinition(name: string, target: JsonSchema): Place {
  return { path: `#${name}`, depth: 2, steps: 1, required: true, inlined: [target] };
}
