// Where published versions and their lives are kept. A version is immutable once it is published; what changes is the state of
// its tool, one row with a revision, so that of two changes made from the same state one is refused.
import type { JsonValue } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/** Who did something to the catalogue, and why. */
export interface Change {
  /** Epoch ms. */
  readonly at: number;
  /** Tenant and id of who did it; null: the program itself. */
  readonly by: string | null;
  readonly reason: string | null;
}

export interface StoredVersion extends Change {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** The published definition as data. */
  readonly definition: JsonValue;
  /** Where it comes from: `code`. */
  readonly source: string;
  /** When it was first called, epoch ms; null: never. */
  readonly calledAt: number | null;
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
  /** Of these tools. */
  readonly versions: readonly StoredVersion[];
}

export interface CatalogStore {
  /** Tools in the order of their names, after `after`, at most `limit` of them, with all their versions. */
  page(after: string | null, limit: number): MaybePromise<CatalogPage>;
  read(name: string): MaybePromise<CatalogPage>;
  /**
   * Writes the state of a tool over that of revision `expected` (0: there is none yet), together with new versions and those that
   * go: all or nothing. False, and no change, when the tool has another revision.
   */
  save(
    tool: StoredTool,
    expected: number,
    add: readonly StoredVersion[],
    remove: readonly string[],
  ): MaybePromise<boolean>;
  /** Removes a tool and its versions. False, and no change, when it has another revision. */
  remove(name: string, expected: number): MaybePromise<boolean>;
  /** Remembers that a version was called, unless that is known. */
  markCalled(name: string, version: string, at: number): MaybePromise<void>;
}
