// What a server says when it is ready: where it is, the first key, and what to try.
import type { RunningServer } from "../../server/index.ts";
import type { Output } from "../output/index.ts";

export interface Greeting {
  readonly server: RunningServer;
  readonly version: string;
  /** Where its state is: a folder, or the name of a database. */
  readonly state: string;
  /** The configuration; null: none. */
  readonly file: string | null;
  /** From the start of the process, milliseconds. */
  readonly readyMs: number;
}

/** Prints it. The key is shown here and nowhere else. */
export function printGreeting(output: Output, greeting: Greeting): void {
  const { server, version, state, file, readyMs } = greeting;
  const key = server.bootstrapKey?.reveal() ?? null;
  const tools = server.registry.list().length;
  if (output.json) {
    const { url, adminUrl } = server;
    output.dataLine({
      event: "ready",
      version,
      url,
      adminUrl,
      tools,
      state,
      config: file,
      key,
      readyMs: Math.round(readyMs),
    });
    return;
  }
  const { bold, dim, green } = output.colors;
  output.line(`${green("✓")} ${bold(`Toolyard ${version}`)} ${dim(`ready in ${Math.round(readyMs)} ms`)}`);
  output.line();
  output.line(`  address   ${bold(server.url)}`);
  if (server.adminUrl !== null) output.line(`  admin     ${bold(server.adminUrl)}`);
  output.text(
    `  tools     ${tools}${file === null ? " examples (no toolyard.config.ts here or above)" : ` and what ${file} says`}`,
  );
  output.text(`  state     ${state}`);
  if (key !== null) {
    output.line(`  admin key ${bold(key)}`);
    output.line(dim("            shown this once; toolyard keys makes and revokes others"));
  }
  output.line();
  printCommands(output, server, key);
  output.line();
  output.line(dim("Ctrl-C stops it in order; a second one at once."));
}

function printCommands({ line, colors }: Output, { url, registry }: RunningServer, key: string | null): void {
  const token = key ?? "$TOOLYARD_KEY";
  const [first] = registry.list();
  const isExample = registry.has("text.stats");
  const tool = isExample ? "text.stats" : (first?.name ?? "a.tool");
  const input = isExample ? '{"text":"Hello, tools"}' : "{}";
  line(colors.dim("  call a tool"));
  line(
    `  curl -s ${url}/v1/tools/${tool}/calls -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '${input}'`,
  );
  line(colors.dim("  give an agent its tools (openai, anthropic, gemini)"));
  line(`  curl -s ${url}/v1/bindings/openai -H 'authorization: Bearer ${token}'`);
  line(colors.dim("  read what it can do"));
  line(`  open ${url}/docs`);
}
