// `npm run eval`: the schema compiler judged on real tool definitions. Standard output holds the result alone; progress
// goes to standard error.
import { hasColors } from "../src/cli/io.ts";
import { createColors } from "../src/cli/output/colors.ts";
import { type Command, parseCommand, USAGE } from "./command.ts";
import { runSession } from "./session.ts";

const { stdout, stderr, argv, env } = process;

let command: Command | null;
try {
  command = parseCommand(argv.slice(2));
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exit(2);
}
if (command === null) stdout.write(`${USAGE}\n`);
else {
  process.exitCode = await runSession(command, {
    colors: createColors(hasColors(stdout, env)),
    print: (text) => {
      stdout.write(`${text}\n`);
    },
    tell: (line) => {
      stderr.write(`${line}\n`);
    },
  });
}
