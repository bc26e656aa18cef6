// The text that a record's hash is taken over, written without sorting or copying what is the same in every record.
// INVARIANT: it is RFC 8785 text of { writer, seq, at, kind, body, prev }, without members that are undefined; anybody
// can compute it again: "writes what the canonical form is" in record-text.test.ts.
import { toCanonicalJson } from "../../kernel/canonical-json.ts";
import type { ChainRecord } from "../../ports/audit-reader.ts";

/** Writes the canonical text of a body, an object of JSON data in which members may be undefined. Texts are made well-formed. */
export type BodyWriter = (body: object) => string;

// JSON.stringify escapes surrogates that are alone, and no others.
const LONE = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** Creates a writer that remembers the order of the members of the last shape it saw: events all have one. */
export function createBodyWriter(): BodyWriter {
  let names: readonly string[] = [];
  let members: readonly (readonly [name: string, label: string])[] = [];
  const write: BodyWriter = (body) => {
    const keys = Object.keys(body);
    if (!isSame(keys, names)) {
      names = keys;
      members = keys.toSorted().map((name) => [name, `${toCanonicalJson(name)}:`]);
    }
    let text = "";
    for (const [name, label] of members) {
      const value = (body as Readonly<Record<string, unknown>>)[name];
      if (value === undefined) continue;
      text += text === "" ? label + toCanonicalJson(value) : `,${label}${toCanonicalJson(value)}`;
    }
    return `{${text}}`;
  };
  return (body) => {
    try {
      return write(body);
    } catch {
      // A stranger's text with half a character in it would be an event that cannot be kept, and so a call without one.
      return write(JSON.parse(JSON.stringify(body).replaceAll(LONE, "$1\ufffd")) as object);
    }
  };
}

/** What the hash of a record is taken over. */
export function toRecordText(record: Omit<ChainRecord, "hash" | "index">): string {
  const { writer, seq, at, kind, bodyText, prev } = record;
  const text = toCanonicalJson;
  return `{"at":${at},"body":${bodyText},"kind":${text(kind)},"prev":${text(prev)},"seq":${seq},"writer":${text(writer)}}`;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
