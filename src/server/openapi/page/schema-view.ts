// A schema as a table that people read: a row for each member, what is inside of it behind a click.
import { isObject } from "../../../kernel/json.ts";
import type { Schema } from "../document.ts";
import { html, type Html, toProse } from "./html.ts";

/** Schemas by name, which references lead to. */
export type Named = Readonly<Record<string, Schema>>;

const MAX_DEPTH = 6;

export interface Row {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly description?: string | undefined;
}

/** The body of a request or an answer. */
export function toSchemaView(schema: Schema, named: Named, depth = 0): Html {
  const found = resolve(schema, named);
  const alternatives = found.oneOf ?? found.anyOf;
  if (alternatives !== undefined)
    return html`<p class="kind">One of</p>
      ${alternatives.map((one) => html`<div class="one-of">${toSchemaView(one, named, depth + 1)}</div>`)}`;
  if (found.type === "array" && depth < MAX_DEPTH)
    return html`${depth === 0 ? html`<p class="kind">${toKind(found)}</p>` : null}
    ${hasInside(found.items, named) ? toSchemaView(found.items ?? {}, named, depth + 1) : null}`;
  const { properties = {}, required = [] } = found;
  const rows = Object.entries(properties).map(([name, inner]) => ({
    ...{ name, schema: inner, required: required.includes(name) },
    description: inner.description ?? resolve(inner, named).description,
  }));
  if (rows.length === 0) return html`<p class="kind">${toKind(found)}</p>`;
  return toRows(rows, named, depth);
}

/** Rows of a table of members or parameters. */
export function toRows(rows: readonly Row[], named: Named, depth = 0): Html {
  return html`<div class="rows">${rows.map((row) => toRow(row, named, depth))}</div>`;
}

function toRow({ name, schema, required, description }: Row, named: Named, depth: number): Html {
  const notes = toNotes(schema);
  const inside = depth < MAX_DEPTH && hasInside(schema, named);
  return html`<div class="row">
    <div class="member">
      <code class="name">${name}</code>${required ? html`<span class="must">required</span>` : null}
    </div>
    <div class="about">
      <span class="type">${toKind(schema)}</span>${notes === "" ? null : html` <span class="notes">${notes}</span>`}
      ${description === undefined ? null : html`<p>${toProse(description)}</p>`}
      ${
        inside
          ? html`<details>
              <summary>members</summary>
              ${toSchemaView(schema, named, depth + 1)}
            </details>`
          : null
      }
    </div>
  </div>`;
}

function resolve(schema: Schema, named: Named): Schema {
  const name = schema.$ref?.split("/").at(-1);
  if (name === undefined) return schema;
  return (Object.hasOwn(named, name) ? named[name] : undefined) ?? {};
}

function hasInside(schema: Schema | undefined, named: Named): boolean {
  if (schema === undefined) return false;
  const { properties, items, oneOf, anyOf } = resolve(schema, named);
  if (properties !== undefined && Object.keys(properties).length > 0) return true;
  return hasInside(items, named) || [...(oneOf ?? anyOf ?? [])].some((one) => hasInside(one, named));
}

/** The type in words. */
function toKind(schema: Schema): string {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) return name;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const alternatives = schema.oneOf ?? schema.anyOf;
  return alternatives === undefined ? toTypeName(schema) : alternatives.map(toKind).join(" or ");
}

function toTypeName({ type, items, additionalProperties }: Schema): string {
  if (type === "array") return `array of ${items === undefined ? "anything" : toKind(items)}`;
  if (type === "object" && isObject(additionalProperties)) return "object by name";
  if (type === undefined) return "anything";
  return typeof type === "string" ? type : type.join(" or ");
}

function toNotes(schema: Schema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, exclusiveMinimum } = schema;
  return [
    toRange(minimum, maximum, ""),
    typeof exclusiveMinimum === "number" ? `above ${exclusiveMinimum}` : "",
    toRange(minLength, maxLength, " characters"),
    toRange(minItems, maxItems, " items"),
    schema.default === undefined ? "" : `default ${JSON.stringify(schema.default)}`,
  ]
    .filter((note) => note !== "")
    .join(", ");
}

function toRange(min: unknown, max: unknown, unit: string): string {
  const isBounded = typeof max === "number" && max < Number.MAX_SAFE_INTEGER;
  if (typeof min === "number" && isBounded) return `${min} to ${max}${unit}`;
  if (isBounded) return `at most ${max}${unit}`;
  return typeof min === "number" && min > Number.MIN_SAFE_INTEGER ? `at least ${min}${unit}` : "";
}
