// Arrays and tuples.
import type { JsonSchema } from "../../tool/schema/schema.ts";
import type { Compiled, Context } from "./context.ts";
import { toTypes } from "../../tool/schema/modern-form.ts";
import type { Parts } from "./parts.ts";
import { type Place, toMember, toText } from "./place.ts";
import { toArrayPlan } from "./plan.ts";
import { isAnything } from "./keywords.ts";

/** Adds `prefixItems` and `items`. */
export function compileArray(context: Context, parts: Parts): void {
  const { schema, at } = parts;
  if (context.rules.closed) checkItems(context, schema, at);
  const prefix = compilePrefix(context, parts);
  const { items } = schema;
  if (items === false) endTuple(context, prefix.length, parts);
  const rest = items === undefined || items === false ? null : context.node(items, toMember(at, "[]"));
  if (rest !== null) parts.add("items", rest.schema);
  // OpenAI and Gemini refuse arrays without `items`, strict or not.
  else if (toTypes(schema)?.includes("array") === true && context.rules.itemsEverywhere) parts.add("items", {});
  parts.addPlan(
    toArrayPlan(
      prefix.map(({ plan }) => plan),
      rest?.plan ?? null,
    ),
  );
}

function checkItems(context: Context, { items, prefixItems }: JsonSchema, at: Place): void {
  if (prefixItems !== undefined) context.refuse(`prefixItems at ${toText(at)}`);
  if (items !== undefined && items !== false && !isAnything(items)) return;
  context.refuse(`the items of ${toText(at)} are not described`);
}

function compilePrefix(context: Context, parts: Parts): readonly Compiled[] {
  const { prefixItems } = parts.schema;
  const list: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
  const prefix = list.map((item, index) => context.node(item, toMember(parts.at, `[${index}]`)));
  const schemas = prefix.map(({ schema }) => schema);
  if (schemas.length > 0) parts.add("prefixItems", schemas);
  return prefix;
}

/** The end of a tuple, without a schema that is no object. */
function endTuple(context: Context, length: number, parts: Parts): void {
  const { maxItems } = parts.schema;
  parts.add("maxItems", typeof maxItems === "number" ? Math.min(maxItems, length) : length);
  context.note(parts.at, "items", "rewritten", "items: false sent as maxItems");
}
