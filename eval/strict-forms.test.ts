import { expect, onTestFinished, test } from "vitest";
import { registerAll } from "./register.ts";
import { compileForms, findConverted, type Form } from "./strict-forms.ts";

async function compileOne(provider: "OpenAI" | "Gemini", parameters: Record<string, unknown>): Promise<Form> {
  const definition = { name: "find", version: "1.0.0", description: "Finds.", parameters, notes: [] };
  const { registry, registered } = await registerAll([definition]);
  onTestFinished(() => registry.close());
  const { forms } = compileForms(provider, registered);
  return forms[0] as Form;
}

const described = { type: "object", properties: { id: { type: "string" } } };

test("what can be expressed is strict, and OpenAI's converter leaves it as it is", async () => {
  const form = await compileOne("OpenAI", described);
  expect(form.inexpressible).toBeNull();
  expect(form.compiled.strict).toBe(true);
  expect(form.objection).toBeNull();
  expect(findConverted({ provider: "OpenAI", hasStrict: true, forms: [form], byTool: new Map() })).toEqual([]);
});

test("OpenAI's converter finds what is called strict and is not", async () => {
  const { tool, compiled } = await compileOne("OpenAI", described);
  const claims = [described, { type: "object", properties: { id: { type: "string" }, a: { not: {} } } }];
  const forms = claims.map((schema): Form => ({
    tool,
    compiled: { ...compiled, schema },
    inexpressible: null,
    objection: null,
  }));
  expect(findConverted({ provider: "OpenAI", hasStrict: true, forms, byTool: new Map() })).toEqual(forms);
});

test("an open object is strict for nobody, and nothing is strict for Gemini", async () => {
  const open = await compileOne("OpenAI", { type: "object", properties: { filter: { type: "object" } } });
  expect(open.inexpressible).toEqual({ what: "an open object", at: "filter" });
  expect(open.compiled.strict).toBe(false);
  expect((await compileOne("Gemini", described)).compiled.strict).toBe(false);
});
