import { expect, test } from "vitest";
import { TOOL_NAME } from "../../src/tool/tool-ref.ts";
import { toToolName } from "./to-tool-name.ts";

test("keeps a name that is legal", () => {
  expect(toToolName("math.area-of_2")).toBe("math.area-of_2");
});

test.each([
  ["find it", "find_it"],
  ["a..b.", "a.b"],
  ["3d.render", "_3d.render"],
  ["", "_"],
  ["größe/öffnen", "gr__e__ffnen"],
  [`${"a".repeat(127)}.b`, "a".repeat(127)],
])("makes a legal name of %j", (given, name) => {
  expect(toToolName(given)).toBe(name);
  expect(name).toMatch(TOOL_NAME);
});
