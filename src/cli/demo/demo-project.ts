// The demo's registry: its tools, the lifecycle of `units.convert`, and otherwise the defaults of a configuration.
import { createRegistry, type Clock, type Registry } from "../../index.ts";
import { toRegistryOptions } from "../../server/config/index.ts";
import type { Project } from "../project.ts";
import { createDemoApp, type DemoApp } from "./demo-app.ts";
import { demoTools } from "./demo-tools.ts";

/** When version 1 of `units.convert` stops working. */
const SUNSET = Date.UTC(2027, 5, 30);

/** Creates a registry with the demo's tools, in which every call needs a principal. */
export async function createDemoRegistry(clock: Clock): Promise<Registry<DemoApp>> {
  const options = toRegistryOptions<DemoApp>({ app: createDemoApp(clock), tools: demoTools });
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
