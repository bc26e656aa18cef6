// `toolyard tools` of a server: what the key may see.
import type { Client } from "../../client/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { assertUsed, printTools } from "../tool-table.ts";
import type { Remote, Session } from "../verb.ts";

type Filter = NonNullable<Parameters<Client["listTools"]>[0]>;
type Tools = Awaited<ReturnType<Client["listTools"]>>["tools"];

export async function listToolsRemotely({ output }: Session, { client, options }: Remote): Promise<ExitCode> {
  const { category, tag, text, status } = options as Filter;
  const found = await listAll(client, { category, tag, text, status });
  if (found.length === 0 && (category ?? tag) !== undefined)
    assertUsed(await listAll(client, { status: "any" }), { category, tag });
  if (output.json) output.data(found);
  else printTools(output, found, null);
  return EXIT.ok;
}

const PAGE = 1_000;

async function listAll(client: Client, filter: Filter): Promise<Tools> {
  const found: Tools[number][] = [];
  for (let after: string | undefined; ;) {
    const { tools, next } = await client.listTools({ ...filter, after, limit: PAGE });
    found.push(...tools);
    if (next === null || next === after) return found;
    after = next;
  }
}
