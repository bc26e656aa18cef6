// What the demo's tools share: a clock, the notes, and how often the flaky tool was called.
import { createToolkit, type Clock, type DefineTool } from "../../index.ts";
import { createNotebook, type Notebook } from "./tools/notebook.ts";

export interface DemoApp {
  readonly clock: Clock;
  readonly notebook: Notebook;
  /** Calls of `demo.flaky` so far. */
  flakyCalls: number;
}

/** Creates the demo's app with an empty notebook. */
export function createDemoApp(clock: Clock): DemoApp {
  return { clock, notebook: createNotebook(clock), flakyCalls: 0 };
}

/** `defineTool` for handlers that use the demo's app. */
export const defineTool: DefineTool<DemoApp> = createToolkit<DemoApp>().defineTool;
