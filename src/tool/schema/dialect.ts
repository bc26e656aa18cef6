// The dialects of JSON Schema we read. `$schema` names one; without it, 2020-12.
import { quote } from "./describe-value.ts";
import type { JsonSchema } from "./schema.ts";

export type Dialect = "2020-12" | "draft-07";

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ["json-schema.org/draft/2020-12/schema", "2020-12"],
  ["json-schema.org/draft-07/schema", "draft-07"],
]);

export type FoundDialect =
  | { readonly ok: true; readonly dialect: Dialect }
  | { readonly ok: false; readonly message: string };

/** The dialect that `schema` declares. */
export function findDialect(schema: JsonSchema): FoundDialect {
  const declared = schema["$schema"];
  if (declared === undefined) return { ok: true, dialect: "2020-12" };
  const key = typeof declared === "string" ? declared.replace(/^https?:\/\//, "").replace(/#$/, "") : "";
  const dialect = DIALECTS.get(key);
  if (dialect !== undefined) return { ok: true, dialect };
  const received = typeof declared === "string" ? quote(declared) : typeof declared;
  const accepted = '"https://json-schema.org/draft/2020-12/schema" and "http://json-schema.org/draft-07/schema#"';
  return {
    ok: false,
    message: `received ${received}; the dialects that are read are ${accepted}; without $schema it is 2020-12`,
  };
}

// A keyword of another dialect would be skipped in silence: the author believes in a check that nobody makes.
const FOREIGN: Readonly<Record<Dialect, ReadonlyMap<string, string>>> = {
  "2020-12": new Map([
    ["dependencies", "write dependentRequired or dependentSchemas"],
    ["additionalItems", "write prefixItems for the tuple and items for the rest"],
    ["$recursiveRef", 'write $ref: "#"'],
    ["$recursiveAnchor", "leave it out"],
  ]),
  "draft-07": new Map([
    ["prefixItems", "write an array of items"],
    ["dependentRequired", "write dependencies"],
    ["dependentSchemas", "write dependencies"],
    ["unevaluatedProperties", "write additionalProperties, or use 2020-12"],
    ["unevaluatedItems", "write additionalItems, or use 2020-12"],
    ["minContains", "use 2020-12"],
    ["maxContains", "use 2020-12"],
    ["$recursiveRef", 'write $ref: "#"'],
    ["$recursiveAnchor", "leave it out"],
  ]),
};

/** What to write in place of a keyword that `dialect` does not know; undefined for every other keyword. */
export function findForeignKeyword(keyword: string, dialect: Dialect): string | undefined {
  return FOREIGN[dialect].get(keyword);
}
