// Validation of arguments in which numbers occur that a double cannot hold.
import type { Issue } from "../../call/issue.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { PublishedTool } from "../tool-version.ts";
import { fits } from "./branches.ts";
import { describeSchema } from "./describe-schema.ts";
import { cut } from "./describe-value.ts";
import { replaceExact, type ExactMode, type ExactNumber } from "./exact-numbers.ts";
import { capIssues } from "./issue-list.ts";
import { locate } from "./locate.ts";
import type { JsonSchema, Refused, Validation } from "./schema.ts";

type Path = readonly (string | number)[];

/** Validates `marked`, in which each such number is an `ExactNumber`, by the rules of `readArguments`. */
export function validateExact(tool: PublishedTool, marked: unknown): MaybePromise<Validation> {
  const mode = tool.version.exactNumbers;
  const schema = tool.input;
  const refused: Issue[] = [];
  const exact = replaceExact(marked, (number, path) => {
    const value = mode === null ? null : number.toExact(mode);
    if (value !== null) return value;
    refused.push(toIssue(number, path, mode, schema.jsonSchema, marked));
    return number.standIn;
  });
  // A library would see numbers that were not sent, so it is not asked.
  if (refused.length > 0 && schema.vendor !== null) return toRefusal(refused, [], false);
  const judged = schema.vendor === null ? replaceExact(marked, ({ standIn }) => standIn) : exact;
  const validation = schema.validate(judged);
  const conclude = (result: Validation): Validation => {
    if (refused.length > 0) return toRefusal(refused, result.ok ? [] : result.issues, true);
    return result.ok && schema.vendor === null ? { ok: true, value: exact } : result;
  };
  return isPromiseLike(validation) ? validation.then(conclude) : conclude(validation);
}

function toRefusal(refused: readonly Issue[], others: readonly Issue[], asked: boolean): Refused {
  const paths = new Set(refused.map(({ path }) => path.join("\0")));
  const issues = capIssues([...refused, ...others.filter(({ path }) => !paths.has(path.join("\0")))]);
  // Of the other values nothing is known when a library was not asked.
  return { ok: false, issues, ...(asked ? {} : { blames: (path) => paths.has(path.join("\0")) }) };
}

function toIssue(number: ExactNumber, path: Path, mode: ExactMode | null, root: JsonSchema, marked: unknown): Issue {
  const { schema } = locate(root, marked, path);
  const expected = describeSchema(schema ?? true, root);
  const range = `${expected} between -9007199254740991 and 9007199254740991`;
  return {
    path: [...path],
    message:
      mode === "bigint" ? "is not an integer of at most 1,000 digits" : "is a number that cannot be held exactly",
    expected: expected === "any value" || !/integer|number/.test(expected) ? expected : range,
    received: `number ${cut(number.literal, 60)}`,
    // Advice that the schema would refuse sends a model in a circle.
    hint: fits(schema ?? true, number.literal, root)
      ? `send it as text: ${JSON.stringify(cut(number.literal, 60))}`
      : "send a number within the range",
  };
}
