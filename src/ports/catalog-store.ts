// Where published versions and their lives are kept. A version is immutable once it is published; what changes is the state of
// its tool, one row with a revision, so that of two changes made from the same state one is refused.
import type { JsonValue } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/** Who did something to the catalogue, and why. */
export interface Change {
  /** Epoch ms. */
  readonly at: number;
  /** Tenant and id of who did it, `<tenant>/<id>`; null: the program itself. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** A published version, without its definition: that is read by itself, because hardly anybody needs it. */
export interface StoredVersion extends Change {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** What it is made of: `code`, or the kind of its source, such as `http`. */
  readonly source: string;
  /** When it was first called, epoch ms; null: never. */
  readonly calledAt: number | null;
}

/** A version as it is written: with its definition as data. It was never called. */
export interface NewVersion extends Omit<StoredVersion, "name" | "calledAt"> {
  readonly definition: JsonValue;
}

/** All that changes about a tool, as JSON: the registry knows its shape. */
export interface StoredTool extends Change {
  readonly name: string;
  /** Grows by one with every change; 1 at the first. */
  readonly revision: number;
  readonly state: JsonValue;
}

export interface CatalogPage {
  readonly tools: readonly StoredTool[];
  /** All versions of these tools, in the order of name and version as texts. */
  readonly versions: readonly StoredVersion[];
}

/** What becomes of one tool. */
export interface CatalogChange {
  readonly name: string;
  /** The revision it is made from; 0: the tool is new. */
  readonly expected: number;
  /** Its state from now on; null: it goes, with all its versions. */
  readonly tool: StoredTool | null;
  /** Versions that are new, or defined otherwise from now on: when such a one was first called stays known. */
  readonly put: readonly NewVersion[];
  /** Versions that go. */
  readonly remove: readonly string[];
}

/** `revision`: the tool has another one than was expected. `called`: a version that was to go has been called. */
export type CatalogAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: "revision" | "called"; readonly name: string };

export interface CatalogStore {
  /** Tools in the order of their names, after `after`, at most `limit` of them. */
  page(after: string | null, limit: number): MaybePromise<CatalogPage>;
  /** One tool; an empty page when there is none. */
  read(name: string): MaybePromise<CatalogPage>;
  /** The definition of a version; null when there is none. */
  definition(name: string, version: string): MaybePromise<JsonValue | null>;
  /** Changes different tools: all of it or nothing. */
  save(changes: readonly CatalogChange[]): MaybePromise<CatalogAnswer>;
  /** Remembers that a version was called, unless that is known, or the version gone. Changes no revision. */
  markCalled(name: string, version: string, at: number): MaybePromise<void>;
}
