// A pool of one connection, made when it is needed and made again when it has broken. Unlike a pool of `pg` it is the same session from
// one transaction to the next for as long as it lives, and whoever cannot prepare it does not take its place away.
import type { PostgresPool, PostgresPoolClient } from "kysely";
import type pg from "pg";

/**
 * Creates the pool.
 * @param prepare called with each new connection, before anybody gets it
 */
export function createSinglePool(create: () => pg.Client, prepare: (client: pg.Client) => Promise<void>): PostgresPool {
  let current: pg.Client | null = null;
  /** Resolves when whoever has the connection has given it back. */
  let free: Promise<void> = Promise.resolve();

  const open = async (): Promise<pg.Client> => {
    const client = create();
    const forget = (): void => {
      if (current === client) current = null;
    };
    // Without a listener a connection that breaks would end the process.
    client.on("error", forget);
    client.on("end", forget);
    try {
      await client.connect();
      await prepare(client);
    } catch (error) {
      drop(client);
      throw error;
    }
    current = client;
    return client;
  };

  const drop = (client: pg.Client): void => {
    if (current === client) current = null;
    // It may not answer any more; nobody waits for its goodbye.
    client.end().catch(() => {});
  };

  return {
    options: {},
    async connect() {
      const before = free;
      const { promise, resolve } = Promise.withResolvers<void>();
      free = promise;
      await before;
      try {
        const client = current ?? (await open());
        return toPoolClient(client, (isBroken) => {
          if (isBroken) drop(client);
          resolve();
        });
      } catch (error) {
        resolve();
        throw error;
      }
    },
    async end() {
      await free;
      await current?.end();
    },
  };
}

/** Statements that the server keeps parsed: a few dozen are used again and again, and some have thousands of places. */
const MAX_NAMED = 256;
const names = new WeakMap<pg.Client, Map<string, string>>();

/** The name of a statement on this connection; undefined when it has enough. */
function toName(client: pg.Client, text: string): string | undefined {
  const known = names.get(client) ?? new Map<string, string>();
  names.set(client, known);
  if (!known.has(text) && known.size < MAX_NAMED) known.set(text, `t${known.size}`);
  return known.get(text);
}

function toPoolClient(client: pg.Client, onRelease: (isBroken: boolean) => void): PostgresPoolClient {
  return {
    query: ((text: string, values: unknown[]) => {
      // What has no values (begin, commit) is parsed faster than looked up.
      const name = values.length === 0 ? undefined : toName(client, text);
      return client.query(name === undefined ? { text, values } : { name, text, values });
    }) as unknown as PostgresPoolClient["query"],
    release: (broken = false) => {
      onRelease(broken);
    },
  };
}
