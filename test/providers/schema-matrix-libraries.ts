// Schemas that libraries make.
import { type } from "arktype";
import { z } from "zod";
import { loose, type MatrixRow, moved, nulled, keepsNull, shut, strict, toInput } from "./schema-matrix-parts.ts";
import type { JsonSchema } from "../../src/tool/schema/schema.ts";

const Folder = z.strictObject({
  name: z.string(),
  get folders() {
    return z.array(Folder);
  },
});

function toArk(schema: { toJsonSchema(options: { readonly dialect: string }): object }): JsonSchema {
  return { ...schema.toJsonSchema({ dialect: "https://json-schema.org/draft/2020-12/schema" }) };
}

export const LIBRARIES: readonly MatrixRow[] = [
  {
    name: "Zod: recursion",
    schema: toInput(z.strictObject({ root: Folder })),
    openai: { reason: null, changes: [] },
    anthropic: { reason: "#__schema0.folders[] refers to what contains it", changes: [] },
    gemini: ["widened root.folders[]: the same again, of which only the type is sent"],
  },
  {
    name: "Zod: dates and texts of a form",
    schema: toInput(
      z.strictObject({
        day: z.iso.date(),
        time: z.iso.time(),
        long: z.iso.duration(),
        mail: z.email(),
        site: z.url(),
        data: z.base64(),
      }),
    ),
    openai: {
      reason: null,
      changes: [
        ...moved("long", "pattern"),
        'described site: format "uri" moved to the description',
        'described data: format "base64" moved to the description',
        ...moved("data", "contentEncoding"),
      ],
    },
    anthropic: {
      reason: null,
      changes: [
        ...moved("long", "pattern"),
        'described data: format "base64" moved to the description',
        ...moved("data", "contentEncoding"),
      ],
    },
    gemini: [
      ...["day", "time", "long", "mail"].flatMap((name) => moved(name, "pattern")),
      ...moved("data", "contentEncoding", "pattern"),
    ],
  },
  {
    name: "Zod: what may be left out or null",
    schema: toInput(
      z.strictObject({
        a: z.string(),
        b: z.string().optional(),
        c: z.string().nullable(),
        d: z.string().nullish(),
        e: z.number().default(5),
        f: z.literal(["x", 1, null]),
      }),
    ),
    openai: {
      reason: null,
      changes: [
        ...nulled("b"),
        ...keepsNull("d"),
        ...moved("e", "default"),
        ...nulled("e"),
        "rewritten f: several types sent as alternatives",
      ],
    },
    anthropic: { reason: null, changes: [] },
    gemini: [...moved("e", "default"), "rewritten f: null among constants sent as an alternative"],
  },
  {
    name: "Zod: an intersection, transforms and integers",
    schema: toInput(
      z.strictObject({
        both: z.object({ a: z.string() }).and(z.object({ b: z.number().optional() })),
        length: z.string().transform((value) => value.length),
        count: z.int().positive(),
        page: z.int32().optional(),
      }),
    ),
    openai: {
      reason: null,
      changes: [shut("both"), ...nulled("both.b", "page")],
    },
    anthropic: {
      reason: null,
      changes: [
        shut("both"),
        ...moved("count", "exclusiveMinimum"),
        "dropped count: maximum of a safe integer left out",
        ...moved("page", "minimum", "maximum"),
      ],
    },
    gemini: ["rewritten count: exclusiveMinimum sent as minimum"],
  },
  {
    name: "Zod: records with listed names",
    schema: toInput(
      z.strictObject({
        all: z.record(z.enum(["x", "y"]), z.number()),
        some: z.partialRecord(z.enum(["x", "y"]), z.number()),
      }),
    ),
    openai: {
      reason: "all is a map: additionalProperties is a schema",
      changes: [...moved("all", "propertyNames"), ...moved("some", "propertyNames")],
    },
    anthropic: { reason: "all is a map: additionalProperties is a schema", changes: [] },
    gemini: [...moved("all", "propertyNames"), ...moved("some", "propertyNames")],
  },
  {
    name: "Zod: any JSON",
    schema: toInput(z.strictObject({ data: z.json() })),
    openai: { reason: "#__schema0|5 is a map: additionalProperties is a schema", changes: [] },
    anthropic: { reason: "#__schema0|4[] refers to what contains it", changes: [] },
    gemini: [
      "widened data|4[]: the same again, of which only the type is sent",
      "widened data|5{}: the same again, of which only the type is sent",
    ],
  },
  {
    name: "ArkType: tuples, maps, defaults",
    schema: toArk(
      type({ pair: ["string", "number"], map: "Record<string, number>", unit: "'c' | 'f' = 'c'", "n?": "number % 5" }),
    ),
    ...loose("map is a map: additionalProperties is a schema", "rewritten pair: items: false sent as maxItems"),
    gemini: ["rewritten pair: items: false sent as maxItems", ...moved("unit", "default"), ...moved("n", "multipleOf")],
  },
  {
    name: "ArkType: alternatives with a tag",
    schema: toArk(
      type({
        "+": "reject",
        target: type({ "+": "reject", kind: "'user'", id: "string" }).or({
          "+": "reject",
          kind: "'mail'",
          to: "string.email",
        }),
        note: "string <= 5 | null",
      }),
    ),
    ...strict(...moved("note|0", "maxLength")),
    gemini: [
      ...moved("note|0", "maxLength"),
      "rewritten target|0.kind: const sent as an enum",
      "rewritten target|1.kind: const sent as an enum",
      ...moved("target|1.to", "pattern"),
    ],
  },
];
