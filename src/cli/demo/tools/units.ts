// One tool in several versions. 2.0.0 renamed `amount` to `value`: a change that breaks callers, hence the new major.
import { Role, type AnyTool, type JsonSchema } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { convertUnits } from "./unit-conversion.ts";

const unit = (description: string): JsonSchema => ({ type: "string", minLength: 1, maxLength: 48, description });
const common = {
  name: "units.convert",
  title: "Convert units",
  tags: ["numbers"],
  effect: "read",
  access: { roles: [Role.GUEST] },
  output: {
    type: "object",
    properties: { value: { type: "number" }, unit: { type: "string" } },
    required: ["value", "unit"],
  },
} as const;

function toInput(quantity: "amount" | "value"): JsonSchema {
  return {
    type: "object",
    properties: {
      [quantity]: { type: "number", minimum: -1e15, maximum: 1e15, description: "How much." },
      from: unit("The unit it is in, such as km, degF or km/h."),
      to: unit("The unit to convert to, such as mile, degC or m/s."),
    },
    required: [quantity, "from", "to"],
    additionalProperties: false,
  };
}

// The versions that take `amount`.
const older: readonly AnyTool<DemoApp>[] = ["1.0.0", "1.2.0"].map((version) =>
  defineTool({
    ...common,
    version,
    description: "Convert an amount from one unit to another.",
    input: toInput("amount"),
    examples: [{ amount: 10, from: "km", to: "mile" }],
    async handler(input) {
      const { amount, from, to } = input as { amount: number; from: string; to: string };
      return { value: await convertUnits(amount, from, to), unit: to };
    },
  }),
);

// The versions that take `value`; the last one is not released yet.
const newer: readonly AnyTool<DemoApp>[] = ["2.0.0", "2.1.0-rc.1"].map((version) =>
  defineTool({
    ...common,
    version,
    description:
      "Convert a value from one unit to another: length, mass, volume, temperature, speed, energy, data and more.",
    input: toInput("value"),
    examples: [
      { value: 10, from: "km", to: "mile" },
      { value: 20, from: "degC", to: "degF" },
    ],
    async handler(input) {
      const { value, from, to } = input as { value: number; from: string; to: string };
      return { value: await convertUnits(value, from, to), unit: to };
    },
  }),
);

/** All versions, oldest first. */
export const unitTools: readonly AnyTool<DemoApp>[] = [...older, ...newer];
