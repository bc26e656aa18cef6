// `toolyard usage` of a server: as much of it as the key may see.
import { type Client, ToolyardClientError } from "../../client/index.ts";
import type { UsageHistoryRow } from "../../index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { toSafeLine } from "../output/index.ts";
import { printUsageRows, toUsageFilter } from "../stored-usage.ts";
import type { Remote, Session } from "../verb.ts";

type Period = NonNullable<Parameters<Client["getAllUsage"]>[0]>;

interface Seen {
  readonly rows: readonly UsageHistoryRow[];
  /** Whose it is; null: everybody's. */
  readonly of: string | null;
}

export async function printUsageRemotely(session: Session, { client, options }: Remote): Promise<ExitCode> {
  const { output } = session;
  const filter = toUsageFilter(session, options);
  const { by, grain, from, until, tool } = filter;
  const { rows, of } = await readWidest(client, { by, grain, from, until, tool });
  if (of !== null) output.note(output.colors.dim(toSafeLine(`usage of ${of}`)));
  printUsageRows(session, filter, rows);
  return EXIT.ok;
}

/** Everybody's for an operator, the tenant's for an admin, the caller's own for others. */
async function readWidest(client: Client, period: Period): Promise<Seen> {
  const { id, tenant, admin } = await client.getCaller();
  if (admin !== true) return toSeen(await client.getOwnUsage(period), `${tenant}/${id}`);
  try {
    return toSeen(await client.getAllUsage(period), null);
  } catch (error) {
    const isRefused = error instanceof ToolyardClientError && (error.status === 403 || error.status === 404);
    if (!isRefused) throw error;
    return toSeen(await client.getTenantUsage({ tenant, ...period }), `tenant ${tenant}`);
  }
}

function toSeen({ usage }: Awaited<ReturnType<Client["getAllUsage"]>>, of: string | null): Seen {
  return { rows: usage as unknown as readonly UsageHistoryRow[], of };
}
