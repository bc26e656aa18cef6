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

function toPoolClient(client: pg.Client, onRelease: (isBroken: boolean) => void): PostgresPoolClient {
  return {
    query: client.query.bind(client) as PostgresPoolClient["query"],
    release: (broken = false) => {
      onRelease(broken);
    },
  };
}
