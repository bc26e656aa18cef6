// The calculator: arithmetic by mathjs, never `eval`.
import { Role, type AnyTool } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { calculate, CONSTANTS, FUNCTIONS, MAX_EXPRESSION_LENGTH } from "./expression.ts";

export const calculator: AnyTool<DemoApp> = defineTool({
  name: "calculator",
  version: "1.0.0",
  title: "Calculator",
  description:
    "Calculate an arithmetic expression: + - * / ^ % !, parentheses, percentages such as 8% of 250. " +
    "Numbers are doubles; a result is rounded to 14 digits unless it is an integer below 2^53.",
  category: "math",
  tags: ["numbers"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  limits: [{ name: "calculations", per: ["principal"], capacity: 60, windowMs: 60_000 }],
  timeoutMs: 5_000,
  input: {
    type: "object",
    properties: {
      expression: {
        type: "string",
        minLength: 1,
        maxLength: MAX_EXPRESSION_LENGTH,
        description: `For example "(3 + 4) * 2^0.5". Functions: ${FUNCTIONS.join(", ")}. Constants: ${CONSTANTS.join(", ")}.`,
      },
    },
    required: ["expression"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: { expression: { type: "string" }, result: { type: "number" } },
    required: ["expression", "result"],
  },
  examples: [{ expression: "12 * (3 + 4)" }, { expression: "8% of 250" }, { expression: "sqrt(2) * sin(pi / 4)" }],
  async handler(input) {
    const { expression } = input as { expression: string };
    return { expression, result: await calculate(expression) };
  },
});
