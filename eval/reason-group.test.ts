import { expect, test } from "vitest";
import { toReasonGroup } from "./reason-group.ts";

test.each([
  ["accepts anything accepts anything", "accepts anything"],
  ["the root is an object whose properties are not described", "is an object whose properties are not described"],
  [
    'filter["a b"].c is an object whose properties are not described',
    "is an object whose properties are not described",
  ],
  ["the items of a.b[] are not described", "the items are not described"],
  ["a is a map: additionalProperties is a schema", "is a map"],
  ['"b" is required and not described at the root', "is required and not described"],
  ["prefixItems at a.b", "prefixItems"],
  [
    "the schema has 5,001 properties; at most 5000 are accepted",
    "the schema has 5,001 properties; at most 5000 are accepted",
  ],
])("groups %j", (reason, group) => {
  expect(toReasonGroup(reason)).toBe(group);
});
