// The connections of one pool: one tenant, upstream, credential and origin. A connection that comes back is reused only
// within it, and only when it is whole; who finds none free waits in turn, and is handed one, or the right to open one.
import type { Socket } from "node:net";
import { type Connection, createConnection } from "./connection.ts";
import type { Life } from "./exchange-life.ts";

export interface ConnectionPool {
  /**
   * A connection that nobody else has; with `fresh`, one that has carried nothing. Rejects with what `openSocket` rejects
   * with, or with what ended `life`.
   */
  acquire(life: Life, openSocket: () => Promise<Socket>, fresh: boolean): Promise<Lease>;
  /** Closes what nobody uses now, and the rest when it comes back. */
  retire(): void;
  /** Closes everything; resolves when it is closed. */
  destroy(): Promise<void>;
  readonly counts: PoolCounts;
}

export interface Lease {
  readonly connection: Connection;
  /** Whether it has carried requests before. */
  readonly reused: boolean;
  /** Gives it back; one that is broken is closed. */
  release(): void;
}

export interface PoolCounts {
  /** Open, or being opened. */
  readonly connections: number;
  /** Those that nobody has. */
  readonly idle: number;
  readonly waiting: number;
}

export interface PoolOptions {
  readonly origin: string;
  readonly maxConnections: number;
  readonly maxHeaderBytes: number;
  /** Told whenever nothing is open and nobody waits. */
  readonly onEmpty: () => void;
}

/** What a waiter is handed: a connection, or null for the right to open one. */
type Grant = (connection: Connection | null) => void;

export function createConnectionPool(options: PoolOptions): ConnectionPool {
  return new Pool(options);
}

class Pool implements ConnectionPool {
  readonly #options: PoolOptions;
  readonly #idle: Connection[] = [];
  readonly #open = new Set<Connection>();
  readonly #waiters = new Set<Grant>();
  #opening = 0;
  #retired = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async acquire(life: Life, openSocket: () => Promise<Socket>, fresh: boolean): Promise<Lease> {
    for (;;) {
      if (life.scope.cancelled) throw life.scope.reason;
      const found = fresh ? null : this.#takeIdle();
      if (found !== null) return this.#toLease(found, true);
      // Room for a fresh one is made by closing one that waits for work; its place is free once it has closed.
      if (fresh && this.#isFull()) this.#idle.shift()?.destroy();
      if (!this.#isFull()) {
        this.#opening += 1;
        return this.#toLease(await this.#openOne(openSocket), false);
      }
      const granted = await this.#waitTurn(life);
      if (granted === null) return this.#toLease(await this.#openOne(openSocket), false);
      if (granted.alive && !fresh) return this.#toLease(granted, true);
      granted.destroy();
    }
  }

  retire(): void {
    this.#retired = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
    this.#tellEmpty();
  }

  async destroy(): Promise<void> {
    this.#retired = true;
    const closing = [...this.#open];
    for (const connection of closing) connection.destroy();
    await Promise.all(closing.map(({ closed }) => closed));
  }

  get counts(): PoolCounts {
    const connections = this.#opening + this.#open.size;
    return { connections, idle: this.#idle.length, waiting: this.#waiters.size };
  }

  #isFull(): boolean {
    return this.#opening + this.#open.size >= this.#options.maxConnections;
  }

  #takeIdle(): Connection | null {
    for (let found = this.#idle.pop(); found !== undefined; found = this.#idle.pop()) {
      if (found.alive) return found;
      found.destroy();
    }
    return null;
  }

  #toLease(connection: Connection, reused: boolean): Lease {
    const release = (): void => {
      if (!connection.alive) connection.destroy();
      else if (!this.#grant(connection)) {
        if (this.#retired) connection.destroy();
        else this.#idle.push(connection);
      }
    };
    return { connection, reused, release };
  }

  /** Opens one in a place that was counted before. */
  async #openOne(openSocket: () => Promise<Socket>): Promise<Connection> {
    try {
      const { origin, maxHeaderBytes } = this.#options;
      const connection = createConnection(origin, await openSocket(), maxHeaderBytes);
      this.#open.add(connection);
      this.#opening -= 1;
      void connection.closed.then(() => {
        this.#open.delete(connection);
        const at = this.#idle.indexOf(connection);
        if (at !== -1) this.#idle.splice(at, 1);
        this.#passPlace();
      });
      return connection;
    } catch (error) {
      this.#opening -= 1;
      this.#passPlace();
      throw error;
    }
  }

  /** A place has become free. */
  #passPlace(): void {
    if (this.#isFull()) return;
    if (this.#grant(null)) this.#opening += 1;
    else this.#tellEmpty();
  }

  /** Hands it to who waits longest; false when nobody does. */
  #grant(connection: Connection | null): boolean {
    for (const grant of this.#waiters) {
      this.#waiters.delete(grant);
      grant(connection);
      return true;
    }
    return false;
  }

  async #waitTurn(life: Life): Promise<Connection | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection | null>();
    this.#waiters.add(resolve);
    // Out of the queue in the same turn, so that nothing is granted to who has left.
    const stop = life.scope.onCancel((reason) => {
      this.#waiters.delete(resolve);
      reject(reason);
    });
    try {
      return await promise;
    } finally {
      stop();
    }
  }

  #tellEmpty(): void {
    if (this.#opening === 0 && this.#open.size === 0 && this.#waiters.size === 0) this.#options.onEmpty();
  }
}
