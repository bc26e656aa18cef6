// The demo's registry: its tools, the breaker of the exchange, the lifecycle of `units.convert`, and otherwise the defaults
// of a configuration.
import { createRegistry, type Clock, type Registry } from "../../index.ts";
import { toRegistryOptions } from "../../server/config/index.ts";
import type { Project } from "../project.ts";
import { createDemoApp, type DemoApp } from "./demo-app.ts";
import { demoTools } from "./demo-tools.ts";

/** When version 1 of `units.convert` stops working. */
const SUNSET = Date.UTC(2027, 5, 30);
/** How long the exchange is left alone, milliseconds: short, since the demo waits for it. */
export const OPEN_MS = 200;

/** Creates a registry with the demo's tools, in which every call needs a principal. */
export async function createDemoRegistry(
  clock: Clock,
  app: DemoApp = createDemoApp(clock),
): Promise<Registry<DemoApp>> {
  const options = toRegistryOptions<DemoApp>({
    app,
    tools: demoTools,
    upstreams: { exchange: { breaker: { failures: 3, openMs: OPEN_MS } } },
  });
  const registry = createRegistry({ ...options, clock });
  await registry.retire("units.convert@1.0.0");
  await registry.deprecate("units.convert@1.2.0", {
    message: "`amount` is called `value` from version 2 on.",
    sunsetAt: SUNSET,
    successor: "units.convert@^2",
  });
  return registry;
}

/** The demo as a project, for a chat. */
export async function openDemoProject(clock: Clock): Promise<Project> {
  const registry = await createDemoRegistry(clock);
  return {
    registry,
    roles: [],
    [Symbol.asyncDispose]: () => registry.close({ graceMs: 0 }),
  };
}
