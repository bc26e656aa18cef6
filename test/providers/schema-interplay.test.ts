// The claim of the compiler, on schemas whose keywords depend on each other: what the tool takes can be sent and comes back,
// and what is sent takes no more than that unless a change says so.
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ANTHROPIC } from "../../src/providers/schema/anthropic-rules.ts";
import { compileSchema } from "../../src/providers/schema/compile-schema.ts";
import { GEMINI } from "../../src/providers/schema/gemini-rules.ts";
import { OPENAI } from "../../src/providers/schema/openai-rules.ts";
import { interplays, type Json, value } from "./schema-interplay.ts";

function toValidator(schema: object): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, ownProperties: true });
  formats.default(ajv);
  return ajv.compile(structuredClone(schema)) as (value: unknown) => boolean;
}

/** Whether Ajv can judge every one of `values`; some nestings of conditions it compiles to code that throws. */
function canJudge(isValid: (value: unknown) => boolean, values: readonly unknown[]): boolean {
  try {
    for (const one of values) isValid(one);
    return true;
  } catch {
    return false;
  }
}

/** `value` under its own names, and under those that are sent for them. */
function toWays(one: Json): readonly Json[] {
  return [one, Object.fromEntries(Object.entries(one).map(([name, member]) => [name.replaceAll(" ", "_"), member]))];
}

const cases = fc.record({ interplay: interplays, values: fc.array(value, { minLength: 6, maxLength: 12 }) });

describe.each([OPENAI, ANTHROPIC, GEMINI])("what $name is sent of keywords that depend on each other", (rules) => {
  test.each([true, false])(
    "takes what the tool takes, and no more in silence; strict where it can be: %s",
    (strict) => {
      let taken = 0;
      let silent = 0;
      fc.assert(
        fc.property(cases, ({ interplay: { schema, isRoot }, values }) => {
          const isValid = toValidator(schema);
          const compiled = compileSchema(schema, rules, strict);
          // Where what may be left out is null, see `schema-properties.test.ts`.
          if (compiled.strict && rules === OPENAI) return;
          const isSent = toValidator(compiled.schema);
          const wrap = (inner: Json): Json => (isRoot ? inner : { at: inner });
          const all = values.flatMap(toWays).map(wrap);
          fc.pre(canJudge(isValid, all) && canJudge(isSent, all));
          const showsOther = JSON.stringify(compiled.schema).includes("a_b");
          const isTold = compiled.changes.some(({ what }) => what !== "rewritten");
          // Told, and what an alternative does not name is then no longer any value.
          const isNarrower = compiled.changes.some(({ message }) =>
            /^(?:closed:|alternatives at the root)/.test(message),
          );
          for (const one of values) {
            const ways = toWays(one)
              .map(wrap)
              .filter((way) => isSent(way));
            if (isValid(wrap(one)) && !isNarrower) {
              taken++;
              expect(
                ways.map((way) => compiled.restore(way)),
                `takes ${JSON.stringify(one)} as ${JSON.stringify(compiled.schema)}`,
              ).toContainEqual(wrap(one));
            }
            // A model knows the names that it is shown.
            const shown = ways.find((way) => !JSON.stringify(way).includes(showsOther ? "a b" : "a_b")) ?? null;
            if (isTold || shown === null) continue;
            silent++;
            const restored = compiled.restore(shown);
            expect(isValid(restored), `${JSON.stringify(shown)} by ${JSON.stringify(compiled.schema)}`).toBe(true);
          }
        }),
        { numRuns: 200 },
      );
      expect(taken).toBeGreaterThan(100);
      expect(silent).toBeGreaterThan(20);
    },
  );
});
