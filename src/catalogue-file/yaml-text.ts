// Data as YAML text that people read and change: texts of several lines as blocks, nothing folded, everything quoted that would be read as
// something else. What comes out is read back as it was, see catalogue-file.property.test.ts.
import { Document, isScalar, Scalar, visit } from "yaml";
import { isObject, type JsonValue } from "../kernel/json.ts";

/** Maps keep their order whatever their keys are; objects would put numbers first. */
export type YamlValue = JsonValue | ReadonlyMap<string, YamlValue>;

// What cannot be seen, changes the order of what is seen, or is a line break to some readers: only escapes show it.
const UNSEEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;
const NEEDS_ESCAPES = new RegExp(`[\\u0000-\\u0009\\u000b-\\u001f]|${UNSEEN.source}`, "u");
/** A block cannot begin or end with what is taken for its own layout. */
const BLOCK_UNSAFE = /^\s|[ \t]\n|\s$/;

/** The text of `value`, each line moved in by `indent` columns. */
export function toYamlText(value: YamlValue, indent = 0): string {
  const document = new Document(toPlain(value), { version: "1.2", schema: "core", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(place, node) {
      if (typeof node.value !== "string") return;
      const type = toScalarType(node.value);
      // A block is no key.
      node.type = place === "key" && type === Scalar.BLOCK_LITERAL ? Scalar.QUOTE_DOUBLE : type;
    },
    // `[USER, ADMIN]` rather than a line for each.
    Seq(_place, node) {
      if (node.items.every(isShort) && JSON.stringify(node.items).length <= MAX_ROW) node.flow = true;
    },
  });
  const text = document.toString({
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
    indentSeq: true,
    flowCollectionPadding: false,
  });
  // All of it is in double quotes, where alone an escape is one.
  const shown = text.replace(UNSEEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const margin = " ".repeat(indent);
  return indent === 0 ? shown : shown.replaceAll(/(?<=^|\n)(?=[^\n])/g, margin);
}

const MAX_ROW = 60;

function isShort(item: unknown): boolean {
  return isScalar(item) && !(typeof item.value === "string" && (item.value === "" || item.value.includes("\n")));
}

function toScalarType(text: string): Scalar.Type {
  if (NEEDS_ESCAPES.test(text)) return Scalar.QUOTE_DOUBLE;
  if (!text.includes("\n")) return Scalar.PLAIN;
  return BLOCK_UNSAFE.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
}

/** Maps where there were objects: names of any kind are keys of them and nothing else. */
function toPlain(value: YamlValue): unknown {
  if (value instanceof Map) return new Map([...(value as ReadonlyMap<string, YamlValue>)].map(toPlainPair));
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isObject(value)) return value;
  return new Map(
    Object.entries(value as Record<string, YamlValue | undefined>)
      .flatMap(toDefined)
      .map(toPlainPair),
  );
}

function toPlainPair([key, value]: readonly [string, YamlValue]): [string, unknown] {
  return [key, toPlain(value)];
}

function toDefined([key, value]: readonly [string, YamlValue | undefined]): readonly (readonly [string, YamlValue])[] {
  return value === undefined ? [] : [[key, value]];
}
