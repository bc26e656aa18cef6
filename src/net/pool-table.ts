// The pools of an egress, by who may share a connection. What is in the key is never sent; it holds what was permitted too,
// so that nobody rides on a connection that only somebody else may open.
import { type BoundedMap, createBoundedMap } from "../kernel/bounded-map.ts";
import { type ConnectionPool, createConnectionPool } from "./connection-pool.ts";

export interface PoolTable {
  /** The pool of equal `parts`, for connections to `origin`. The one that was asked for longest ago makes room. */
  get(parts: readonly string[], origin: string): ConnectionPool;
  /** Closes everything; resolves when it is closed. */
  destroy(): Promise<void>;
  readonly counts: TableCounts;
}

export interface TableCounts {
  readonly pools: number;
  readonly connections: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface TableOptions {
  readonly maxPools: number;
  readonly maxConnections: number;
  readonly maxHeaderBytes: number;
}

export function createPoolTable({ maxPools, maxConnections, maxHeaderBytes }: TableOptions): PoolTable {
  // Those in the map, and those that left it with connections in use.
  const living = new Set<ConnectionPool>();
  const pools: BoundedMap<string, ConnectionPool> = createBoundedMap(maxPools, (_key, pool) => {
    pool.retire();
  });

  const create = (key: string, origin: string): ConnectionPool => {
    const pool = createConnectionPool({
      origin,
      maxConnections,
      maxHeaderBytes,
      onEmpty: () => {
        living.delete(pool);
        if (pools.get(key) === pool) pools.delete(key);
      },
    });
    living.add(pool);
    pools.set(key, pool);
    return pool;
  };

  return {
    get(parts, origin) {
      const key = JSON.stringify([origin, ...parts]);
      return pools.get(key) ?? create(key, origin);
    },
    async destroy() {
      const all = [...living];
      pools.clear();
      living.clear();
      await Promise.all(all.map((pool) => pool.destroy()));
    },
    get counts() {
      let [connections, idle, waiting] = [0, 0, 0];
      for (const { counts } of living) {
        connections += counts.connections;
        idle += counts.idle;
        waiting += counts.waiting;
      }
      return { pools: pools.size, connections, idle, waiting };
    },
  };
}
