// `toolyard backup`: everything that is kept, in one file.
import { resolve } from "node:path";
import { openDatabases } from "../../server/state/index.ts";
import { writeBackup } from "../../stores/sql/backup/index.ts";
import { createProgressLine } from "../audit/progress.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { findPlace } from "../state.ts";
import type { Verb } from "../verb.ts";

export const backupVerb: Verb = {
  name: "backup",
  summary: "write all of the state into one file, while others go on using it",
  arguments: [["<file>", "the file to be written; there must be none of this name"]],
  options: [],
  examples: [
    { command: "backup /mnt/backups/registry-monday.ty", does: "catalogue, settings, keys, secrets, trail and usage" },
    { command: "backup registry.ty --json", does: "with the number of rows of each table" },
  ],
  async run(session, [file = ""]) {
    const { io, output } = session;
    const path = resolve(io.cwd, file);
    await using open = await openDatabases(await findPlace(session), io.clock, io.env);
    const progress = createProgressLine(io);
    try {
      const { databases } = open;
      const backup = await writeBackup({
        databases,
        path,
        clock: io.clock,
        onProgress: ({ table, done, rows }) => progress.show(`${table}: ${done} of ${rows} rows`),
      });
      progress.clear();
      if (output.json) output.data(backup);
      else {
        const { rows, bytes, sha256 } = backup;
        output.line(`${toNumber(rows)} rows in ${toNumber(bytes)} bytes: ${toSafeLine(path)}`);
        output.line(output.colors.dim(`sha256 ${sha256}`));
        output.note(
          "Keep the pepper, the master key and the audit key apart from it: it is of little use without them.",
        );
      }
      return EXIT.ok;
    } finally {
      progress.clear();
    }
  },
};

function toNumber(value: number): string {
  return value.toLocaleString("en-US");
}
