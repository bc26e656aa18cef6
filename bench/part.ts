// Runs one part in a process of its own, started by `run.ts`: what one part leaves behind in memory and in the engine's
// optimisations cannot reach the next. The figures go back as a message.
import { PARTS, type PartName } from "./parts.ts";
import type { Settings } from "./settings.ts";

// As in any process that serves: alone, each deadline would start and stop the process's timer.
setInterval(() => {}, 3_600_000);

const [name, settings] = process.argv.slice(2) as [PartName, string];
const figures = await PARTS[name].run(JSON.parse(settings) as Settings);
process.send?.(figures, () => {
  // Peers may hold timers; everything that was asked for has been measured and sent.
  process.exit(0);
});
