// The quick start of the README, as a user would paste it: it compiles in a strict project and runs.
import { expect, test } from "vitest";
import { readQuickStart } from "../../scripts/quick-start.ts";
import { openUserProject } from "./user-project.ts";

test("the quick start of the README type-checks and runs", async () => {
  await using project = await openUserProject();
  const compiled = await project.compile("quick-start.ts", await readQuickStart());
  expect(compiled).toEqual({ code: 0, stdout: "", stderr: "" });
  const executed = await project.execute("quick-start.ts");
  expect(executed).toMatchObject({ code: 0, stderr: "" });
});
