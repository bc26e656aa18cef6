// For tests: calls one of the demo's tools through a registry, on a clock of the test's own.
import { createRegistry, type AnyTool, type Outcome } from "../../src/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { createDemoApp, type DemoApp } from "../../src/cli/demo/demo-app.ts";

/** 2026-03-29T00:30:00Z, half an hour before clocks are set forward in Europe. */
export const NOW: number = Date.UTC(2026, 2, 29, 0, 30);

export interface Caller {
  /** The output, or `CODE: message`. */
  call(input: unknown, principal?: { readonly id: string; readonly roles: readonly string[] }): Promise<unknown>;
  execute(input: unknown): Promise<Outcome>;
}

/** A caller of the tool, for an admin unless said otherwise. */
export function createCaller(tool: AnyTool<DemoApp>, app: DemoApp = createDemoApp(createManualClock(NOW))): Caller {
  const registry = createRegistry({ app, tools: [tool], clock: app.clock });
  const admin = { id: "ada", roles: ["ADMIN"] };
  return {
    async call(input, principal = admin) {
      const outcome = await registry.execute(tool.name, input, { principal });
      if (outcome.ok) return outcome.output;
      return `${outcome.error.toolCode ?? outcome.error.code}: ${outcome.error.message}`;
    },
    execute: (input) => registry.execute(tool.name, input, { principal: admin }),
  };
}
