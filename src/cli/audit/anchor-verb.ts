// `toolyard audit anchor`: writes down how the chains end, for a place that whoever can write to the database cannot reach.
import { resolve } from "node:path";
import { toHeadsLine } from "../../audit/chain/index.ts";
import { anchorHeads } from "../../stores/file/index.ts";
import { EXIT } from "../exit-code.ts";
import type { Verb } from "../verb.ts";
import { openStateForReading } from "../state.ts";
import { toCount } from "./verify-verb.ts";

export const auditAnchorVerb: Verb = {
  name: "audit anchor",
  summary: "write down the last record of each chain, for audit verify --anchors",
  arguments: [["[file]", "append to this file, and sync it; without it, print one line for a log"]],
  options: [],
  examples: [
    { command: "audit anchor /mnt/other/heads.jsonl", does: "for a timer: what has moved since the last time" },
    { command: "audit anchor | logger -t toolyard", does: "every chain, into the log of the system" },
  ],
  async run(session, [file]) {
    const { io, output } = session;
    await using state = await openStateForReading(session);
    const at = io.clock.now();
    if (file === undefined) {
      const heads = (await state.auditReader.chains()).filter(({ seq }) => seq > 0);
      // The line is what is kept, with --json and without.
      io.stdout.write(toHeadsLine({ at, heads }));
      return EXIT.ok;
    }
    const heads = await anchorHeads(state.auditReader, resolve(io.cwd, file), at);
    if (output.json) output.data({ file: resolve(io.cwd, file), at, heads });
    else output.line(`${toCount(heads.length, "head")} ${heads.length === 1 ? "has" : "have"} moved, in ${file}`);
    return EXIT.ok;
  },
};
