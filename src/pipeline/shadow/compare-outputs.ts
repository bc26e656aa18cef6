// Where two outputs differ, as JSON Pointers (RFC 6901): never what they hold, because a trail of differences must not become a copy
// of the data.
import { toCanonicalJson } from "../../kernel/canonical-json.ts";
import { isObject } from "../../kernel/json.ts";

export interface Difference {
  readonly paths: readonly string[];
  /** Whether there are more than are named. */
  readonly more: boolean;
}

const MAX_PATHS = 20;
const MAX_PATH_LENGTH = 256;
const MAX_DEPTH = 64;

/** An output as canonical JSON; null when it is none, and cannot be compared. */
export function toComparable(output: unknown): string | null {
  try {
    return toCanonicalJson(output === undefined ? null : output);
  } catch {
    return null;
  }
}

/** Where two canonical texts differ; no paths when they are the same data. */
export function compareOutputs(one: string, other: string): Difference {
  if (one === other) return { paths: [], more: false };
  const search = new Search();
  search.compare(JSON.parse(one), JSON.parse(other), "", 0);
  return { paths: search.paths, more: search.more };
}

class Search {
  readonly paths: string[] = [];
  more = false;

  compare(one: unknown, other: unknown, path: string, depth: number): void {
    if (this.more) return;
    if (Array.isArray(one) && Array.isArray(other) && depth < MAX_DEPTH) {
      for (let index = 0; index < Math.max(one.length, other.length) && !this.more; index++) {
        this.#compareMember(one, other, index, { path, depth });
      }
    } else if (isObject(one) && isObject(other) && depth < MAX_DEPTH) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
        this.#compareMember(one, other, key, { path, depth });
      }
    } else if (toCanonicalJson(one) !== toCanonicalJson(other)) this.#add(path);
  }

  #compareMember(
    one: object,
    other: object,
    key: string | number,
    { path, depth }: { readonly path: string; readonly depth: number },
  ): void {
    const at = `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!Object.hasOwn(one, key) || !Object.hasOwn(other, key)) this.#add(at);
    else this.compare(one[key as never], other[key as never], at, depth + 1);
  }

  #add(path: string): void {
    if (this.paths.length === MAX_PATHS) this.more = true;
    else this.paths.push(path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH - 1)}…` : path);
  }
}
