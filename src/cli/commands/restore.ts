// `toolyard restore`: a backup in the place of what there is, all of it or nothing.
import { resolve } from "node:path";
import { Option } from "commander";
import type { ChainHead } from "../../ports/audit-reader.ts";
import { openPostgres, openReaders, type StatePlace } from "../../server/state/index.ts";
import { type Restored, restoreBackup, type RestoreTarget } from "../../stores/sql/backup/index.ts";
import { createProgressLine } from "../audit/progress.ts";
import { finishRestore } from "../backup/finish-restore.ts";
import { confirm } from "../confirm.ts";
import { EXIT } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { findPlace } from "../state.ts";
import type { Session, Verb, VerbOptions } from "../verb.ts";

export const restoreVerb: Verb = {
  name: "restore",
  summary: "restore the state from a backup, all of it or nothing",
  arguments: [["<file>", "what `toolyard backup` wrote, also from the other kind of database"]],
  options: [
    new Option("--replace", "take the place of what is there; files of SQLite are kept beside, rows of PostgreSQL go"),
    new Option("--unverified", "also when the audit trail in the backup is not as it was written"),
    new Option("--reason <text>", "why, for the audit trail"),
    new Option("--yes", "do not ask"),
  ],
  examples: [
    { command: "restore registry-monday.ty --data ./state", does: "into an empty folder" },
    { command: "restore registry-monday.ty --replace --yes", does: "in the place of what is there, unasked" },
  ],
  async run(session, [file = ""], options) {
    const { io, output } = session;
    const archive = resolve(io.cwd, file);
    const place = await findPlace(session);
    const replace = options["replace"] === true;
    if (replace && options["yes"] !== true && !(await confirm(io, `Replace the state in ${toWhere(place)}?`))) {
      output.note("nothing was changed");
      return EXIT.refused;
    }
    let verified = true;
    const finish = async (staged: Parameters<typeof finishRestore>[1]): Promise<void> => {
      verified = await finishRestore(session, staged, await toFinishOptions(session, place, options));
    };
    const restored = await restoreInto(session, place, { archive, replace, finish });
    print(session, place, { ...restored, verified });
    return EXIT.ok;
  },
};

async function toFinishOptions(
  session: Session,
  place: StatePlace,
  { replace, unverified, reason }: VerbOptions,
): Promise<Parameters<typeof finishRestore>[2]> {
  return {
    replaced: replace === true ? await readHeads(session, place) : [],
    unverified: unverified === true,
    reason: typeof reason === "string" ? reason.slice(0, 1_024) : null,
  };
}

/** The heads of the trail that goes: whoever keeps them elsewhere can tell which one it was. */
async function readHeads({ io }: Session, place: StatePlace): Promise<readonly ChainHead[]> {
  try {
    await using readers = await openReaders(place, io.clock, io.env);
    return await readers.auditReader.chains();
  } catch {
    // There is none, or none that can be read: that may be why it is replaced.
    return [];
  }
}

async function restoreInto(
  { io }: Session,
  place: StatePlace,
  options: Pick<Parameters<typeof restoreBackup>[0], "archive" | "replace" | "finish">,
): Promise<Restored> {
  const progress = createProgressLine(io);
  const onProgress = ({ table, done, rows }: { table: string; done: number; rows: number }): Promise<void> =>
    progress.show(`${table}: ${done} of ${rows} rows`);
  const restore = (target: RestoreTarget): Promise<Restored> =>
    restoreBackup({ ...options, target, clock: io.clock, onProgress });
  try {
    if (place.postgres === null) return await restore({ dialect: "sqlite", dir: place.dir });
    const database = await openPostgres(place, io.clock, io.env);
    try {
      return await restore({ dialect: "postgres", database, folder: place.dir });
    } finally {
      await database.close();
    }
  } finally {
    progress.clear();
  }
}

function print({ output }: Session, place: StatePlace, restored: Restored & { readonly verified: boolean }): void {
  if (output.json) {
    output.data(restored);
    return;
  }
  const { rows, at, kept, verified } = restored;
  output.line(`${rows.toLocaleString("en-US")} rows of ${new Date(at).toISOString()} restored into ${toWhere(place)}`);
  for (const path of kept) output.line(`what was there is in ${toSafeLine(path)}`);
  if (!verified)
    output.note(output.colors.yellow("the audit trail is not as it was written; see toolyard audit verify"));
}

function toWhere({ dir, postgres }: StatePlace): string {
  return postgres === null ? toSafeLine(dir) : `the schema ${postgres.schema ?? "toolyard"} of PostgreSQL`;
}
