// Tools that are data: what a tool is made of when no program brings its code, and how it is made again.
import type { JsonObject, JsonValue } from "../kernel/json.ts";
import type { AnyTool } from "./definition.ts";

/** What a tool is made of instead of code. Part of its version, and so of its digest. */
export interface DefinitionSource {
  /** Who can make a tool of it, such as `http`: lower-case letters, digits and "-", at most 32. Not `code`. */
  readonly kind: string;
  /** JSON. For an HTTP tool its `http`, with every default written out. */
  readonly data: JsonObject;
}

/**
 * Makes a tool of a definition as an author writes it: everything that a tool has and is data, and what the source is given under its
 * own name, such as `http`. Throws a ToolyardError with what is wrong in `problems`. The tool has a `source` of this kind, and the same
 * definition gives the same digest.
 */
export type ToolSource<App = never> = (definition: JsonValue) => AnyTool<App>;

/** What a source may be called. */
export const SOURCE_KIND: RegExp = /^[a-z][a-z0-9-]{0,31}$/;
/** Where a version comes from that has no source. */
export const CODE = "code";
