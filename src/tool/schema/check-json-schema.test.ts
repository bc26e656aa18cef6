import { describe, expect, test } from "vitest";
import { checkJsonSchema } from "./check-json-schema.ts";
import type { Dialect } from "./dialect.ts";
import type { JsonSchema } from "./schema.ts";

function check(schema: JsonSchema, dialect: Dialect = "2020-12", patterns = true): readonly string[] {
  return checkJsonSchema(schema, { dialect, patterns }).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const of = (schema: JsonSchema): JsonSchema => ({ type: "object", properties: { p: schema } });

test.each<[string, JsonSchema, string]>([
  [
    "a misspelt type",
    { type: "strng" },
    'p.type: received string "strng", expected one of string, number, integer, boolean, object, array, null; did you mean "string"?',
  ],
  ["a type of Python", { type: "dict" }, 'did you mean "object"?'],
  ["another", { type: "float" }, 'did you mean "number"?'],
  ["a type of Java", { type: "ArrayList" }, 'did you mean "array"?'],
  ["a type in capitals", { type: "String" }, 'did you mean "string"?'],
  ["any", { type: "any" }, "leave type out where every value is accepted"],
  ["a type that is no text", { type: { enum: [] } }, 'received object with "enum"'],
  ["no types", { type: [] }, "expected at least one type"],
  ["a type twice", { type: ["string", "string"] }, "names a type twice"],
  [
    "properties that are an array",
    { properties: ["a"] },
    "p.properties: received array of 1 item, expected an object of schemas by name",
  ],
  [
    "a property that is the name of a type",
    { properties: { a: "string" } },
    'p.properties.a: received string "string", expected a schema: an object, such as { type: "string" }, true or false',
  ],
  ["an empty enum", { enum: [] }, "p.enum: received empty array, which accepts nothing"],
  ["an enum that is no array", { enum: "a" }, 'p.enum: received string "a", expected an array of the accepted values'],
  [
    "an enum of another type",
    { type: "integer", enum: ["1", "2"] },
    'p.enum: holds string "1" and others, none of which is of type integer',
  ],
  [
    "a const of another type",
    { type: "integer", const: "1" },
    'p.const: holds string "1", none of which is of type integer',
  ],
  ["required of draft-03", { required: true }, "expected an array of property names, beside properties"],
  ["required that names no text", { required: [1] }, "expected strings"],
  ["required that names one twice", { required: ["a", "a"] }, 'names string "a" twice'],
  [
    "required that nothing allows",
    { properties: { currency: {} }, required: ["curency"], additionalProperties: false },
    'p.required: names "curency", which additionalProperties: false refuses; did you mean "currency"?',
  ],
  ["bounds that cross", { minimum: 5, maximum: 1 }, "p.minimum: is 5 and maximum is 1, which accepts nothing"],
  ["exclusive bounds that touch", { exclusiveMinimum: 1, maximum: 1 }, "p.exclusiveMinimum: is 1 and maximum is 1"],
  ["lengths that cross", { minLength: 2, maxLength: 1 }, "p.minLength: is 2 and maxLength is 1"],
  ["a bound that is text", { minimum: "5" }, 'p.minimum: received string "5", expected a number'],
  [
    "an exclusive bound of draft-04",
    { minimum: 1, exclusiveMinimum: true },
    "p.exclusiveMinimum: received boolean true, expected a number; write the bound itself here",
  ],
  ["a negative length", { minLength: -1 }, "expected an integer of 0 or more"],
  ["a multiple of nothing", { multipleOf: 0 }, "expected a number over 0"],
  [
    "a pattern with look-ahead",
    { pattern: "^(?=a)b" },
    'p.pattern: the pattern string "^(?=a)b" cannot run in linear time',
  ],
  ["a broken pattern", { pattern: "(" }, "is no regular expression of ECMA-262"],
  ["a broken property pattern", { patternProperties: { "(": {} } }, "p.patternProperties.(: the pattern"],
  ["tuples of draft-07", { items: [{}] }, "p.items: received an array; write prefixItems, or declare draft-07"],
  ["an empty anyOf", { anyOf: [] }, "p.anyOf: received empty array, expected an array of at least one schema"],
  [
    "dependencies of draft-07",
    { dependencies: {} },
    "p.dependencies: is no keyword of 2020-12; write dependentRequired or dependentSchemas",
  ],
  ["a dynamic reference", { $dynamicRef: "#a" }, "p.$dynamicRef: is not supported"],
  ["a dynamic anchor", { $dynamicAnchor: "a" }, "p.$dynamicAnchor: is not supported"],
  ["a recursive reference", { $recursiveRef: "#" }, 'p.$recursiveRef: is no keyword of 2020-12; write $ref: "#"'],
  ["an asynchronous schema", { $async: true }, "p.$async: is not supported"],
  ["a vocabulary", { $vocabulary: {} }, "p.$vocabulary: is not supported"],
  [
    "unevaluatedItems beside contains",
    { unevaluatedItems: false, allOf: [{ contains: {} }] },
    "p.unevaluatedItems: cannot be enforced together with contains",
  ],
  ["an $id below the root", { $id: "https://example.com/x" }, "p.$id: is not supported below the root"],
  ["nullable without a type", { nullable: true }, "p.nullable: needs a type beside it"],
  [
    "nullable that contradicts the type",
    { nullable: false, type: ["string", "null"] },
    "p.nullable: is false although type accepts null",
  ],
  [
    "a remote reference",
    { $ref: "https://example.com/schema.json" },
    'p.$ref: received "https://example.com/schema.json"; only references within the schema are followed',
  ],
  ["a file reference", { $ref: "file:///etc/passwd" }, "only references within the schema are followed"],
  ["a reference that is no text", { $ref: 5 }, "p.$ref: received number 5, expected a string"],
  [
    "a description with a hidden character",
    { description: "a\u200bb" },
    "p.description: holds a character that cannot be seen, U+200B at position 1",
  ],
  [
    "a description that is no text",
    { description: ["a"] },
    "p.description: received array of 1 item, expected a string",
  ],
  [
    "a name with a hidden character",
    { properties: { "a\u202e": {} } },
    "is a name with a character that cannot be seen, U+202E",
  ],
])("refuses %s", (_name, schema, problem) => {
  const problems = check(of(schema));
  expect(problems).toHaveLength(1);
  expect(problems[0]?.replace(/^properties\./, "")).toContain(problem);
});

describe("references", () => {
  test.each<[string, JsonSchema, string]>([
    [
      "that lead nowhere",
      { properties: { a: { $ref: "#/$defs/adress" } }, $defs: { address: {} } },
      'properties.a.$ref: "#/$defs/adress" leads nowhere; there is "#/$defs/address"',
    ],
    [
      "to what every object inherits",
      { properties: { a: { $ref: "#/constructor" } } },
      '"#/constructor" leads nowhere; define its target in $defs',
    ],
    ["to what is no schema", { type: "object", properties: { a: { $ref: "#/type" } } }, "leads nowhere"],
    ["to an unknown anchor", { properties: { a: { $ref: "#name" } } }, '"#name" leads nowhere'],
    [
      "in a circle",
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
      "leads back to itself",
    ],
    [
      "in a circle through a branch",
      {
        properties: { a: { $ref: "#/$defs/a" } },
        $defs: { a: { anyOf: [{ type: "string" }, { not: { $ref: "#/$defs/a" } }] } },
      },
      "without going into a property or an item",
    ],
    [
      "to another reference by name",
      { properties: { a: { $ref: "#/$defs/a" } }, $defs: { a: { $ref: "#" } } },
      '"#/$defs/a" leads to another reference, "#"; write that one here',
    ],
    [
      "into an unknown keyword that holds no good schema",
      { properties: { a: { $ref: "#/components/schemas/A" } }, components: { schemas: { A: { type: "strng" } } } },
      "components.schemas.A.type: received",
    ],
  ])("%s are refused", (_name, schema, problem) => {
    expect(check(schema).join("\n")).toContain(problem);
  });

  test("to the prototype of everything are refused", () => {
    for (const ref of ["#/__proto__", "#/properties/__proto__", "#/properties/a/constructor/prototype"]) {
      expect(check({ properties: { a: { $ref: ref } } }).join()).toContain("leads nowhere");
    }
  });

  test("in a circle that branches are refused, and in a long chain", () => {
    const branching = { allOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/a" }] };
    expect(check({ properties: { p: { $ref: "#/$defs/a" } }, $defs: { a: branching } }).join()).toContain(
      "leads back to itself",
    );
    const chain = (length: number): JsonSchema => ({
      properties: { p: { $ref: "#/$defs/d0" } },
      $defs: Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `d${index}`,
          index === length - 1 ? {} : { $ref: `#/$defs/d${index + 1}` },
        ]),
      ),
    });
    expect(check(chain(60))).toStrictEqual([]);
    expect(check(chain(600)).join()).toContain("more than 512 others");
  });

  test("that multiply are refused", () => {
    const $defs: Record<string, JsonSchema> = { l0: { type: "string" } };
    for (let level = 1; level <= 24; level++)
      $defs[`l${level}`] = { allOf: [{ $ref: `#/$defs/l${level - 1}` }, { $ref: `#/$defs/l${level - 1}` }] };
    expect(check({ properties: { a: { $ref: "#/$defs/l24" } }, $defs }).join()).toContain("references multiply");
    expect(
      check({
        properties: { a: { $ref: "#/$defs/l10" } },
        $defs: Object.fromEntries(Object.entries($defs).slice(0, 11)),
      }),
    ).toStrictEqual([]);
  });

  test("that recurse through properties and items are accepted", () => {
    const tree = {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#" } }, next: { $ref: "#/$defs/node" } },
      $defs: { node: { $anchor: "n", properties: { next: { $ref: "#n" } } } },
    };
    expect(check(tree)).toStrictEqual([]);
  });
});

describe("limits", () => {
  const nest = (levels: number): JsonSchema =>
    levels === 1 ? { type: "string" } : { properties: { a: nest(levels - 1) } };

  test("64 levels of schemas pass, 65 do not", () => {
    expect(check(nest(64))).toStrictEqual([]);
    expect(check(nest(65)).join()).toContain("schemas are nested more than 64 levels deep");
  });

  test("5,000 subschemas pass, 5,001 do not", () => {
    const wide = (count: number): JsonSchema => ({
      properties: Object.fromEntries(Array.from({ length: count - 1 }, (_, index) => [`p${index}`, {}])),
    });
    expect(check(wide(5_000))).toStrictEqual([]);
    expect(check(wide(5_001))).toHaveLength(1);
    expect(check(wide(9_000)).join()).toContain("there are more than 5000 subschemas");
  });

  test("at most 50 problems are listed", () => {
    expect(
      check({ properties: Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`p${index}`, { type: "x" }])) }),
    ).toHaveLength(50);
  });
});

test("draft-07 has its own keywords and not those of 2020-12", () => {
  expect(
    check(
      {
        items: [{ type: "string" }],
        additionalItems: false,
        dependencies: { a: ["b"], c: { required: ["d"] } },
        definitions: { x: {} },
      },
      "draft-07",
    ),
  ).toStrictEqual([]);
  expect(check({ prefixItems: [{}] }, "draft-07")).toStrictEqual([
    "prefixItems: is no keyword of draft-07; write an array of items",
  ]);
  expect(check({ dependencies: { a: ["b", "b"] } }, "draft-07")).toStrictEqual([
    'dependencies.a: names string "b" twice',
  ]);
  expect(check({ unevaluatedProperties: false }, "draft-07")).toHaveLength(1);
});

test("annotations and unknown keywords pass, whatever they hold", () => {
  expect(
    check(
      of({
        title: "T",
        description: "Line\n\tindented",
        default: { type: "strng" },
        examples: [1],
        $comment: "c",
        deprecated: true,
        "x-order": { $ref: 1 },
        format: "postal-code",
        id: "P",
      }),
    ),
  ).toStrictEqual([]);
});

test("patterns of a library are not ours to judge", () => {
  expect(check({ pattern: "^(?=a)b", patternProperties: { "(?!x)": {} } }, "2020-12", false)).toStrictEqual([]);
});

test("a property may be called as a keyword is", () => {
  expect(
    check({
      properties: { type: { type: "string" }, $ref: { type: "string" }, $id: {}, required: {} },
      required: ["type", "$ref"],
    }),
  ).toStrictEqual([]);
});
