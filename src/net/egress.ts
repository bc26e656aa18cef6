// Guarded egress: the only way out of the process for what the project itself asks of other systems. Every hop is decided
// anew, from its URL to the address that answered; nothing here reads an environment, so no proxy changes who decides.
import { readOptions } from "../errors/option-problems.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { type AddressPolicy, toAddressPolicy } from "./address.ts";
import { EgressError } from "./egress-error.ts";
import type { EgressRequest, EgressResponse } from "./egress-request.ts";
import { type Answer, exchange, type ExchangeLimits, UNUSED } from "./exchange.ts";
import { beginLife, type Life } from "./exchange-life.ts";
import { openSocket } from "./open-socket.ts";
import { type OutgoingRequest, toOutgoing } from "./outgoing-request.ts";
import { createPoolTable, type PoolTable, type TableCounts } from "./pool-table.ts";
import { toNextHop } from "./redirect.ts";
import { type Resolver, systemResolver } from "./resolve-host.ts";
import { parseTarget } from "./target.ts";

export { EgressError, type EgressCode } from "./egress-error.ts";
export type { EgressRequest, EgressResponse } from "./egress-request.ts";
export type { Resolver } from "./resolve-host.ts";

export interface EgressStats extends TableCounts {
  /** Requests that have not settled. */
  readonly active: number;
}

export interface EgressOptions {
  /** @default the system's, its hosts file included */
  readonly resolve?: Resolver;
  /** Pools that keep connections, 1 to 100,000; the least recently used one makes room. @default 256 */
  readonly maxPools?: number;
  /** Connections of a pool, 1 to 1,024; further requests wait in turn. @default 16 */
  readonly maxConnectionsPerPool?: number;
  /** Bytes of an answer's headers, 1,024 to 1,048,576. @default 16,384 */
  readonly maxHeaderBytes?: number;
  /** Hops that are followed, 0 to 20: GET and HEAD within one origin. With 0 a redirect is an answer. @default 0 */
  readonly maxRedirects?: number;
  /** How long a body may stand still, milliseconds, 1 to 2^31-1. @default 15,000 */
  readonly idleMs?: number;
  readonly clock?: Clock;
}

export interface Egress {
  /** Sends a request and reads the whole answer, whatever its status. Rejects with an EgressError. */
  request(request: EgressRequest): Promise<EgressResponse>;
  stats(): EgressStats;
  /** Cancels what is under way and closes every connection. Later requests end in `CANCELLED`. */
  close(): Promise<void>;
}

const OPTIONS = ["resolve", "maxPools", "maxConnectionsPerPool", "maxHeaderBytes", "maxRedirects", "idleMs", "clock"];
const MAX_DELAY_MS = 2 ** 31 - 1;
const MAX_BODY_BYTES = 2 ** 30;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 1_048_576;
/** Connections that may turn out to be over before something is written, until the upstream is taken for gone. */
const MAX_ATTEMPTS = 3;

/** Creates an egress. Throws INVALID_OPTION. */
export function createEgress(options: EgressOptions = {}): Egress {
  const reader = readOptions("egress", options, OPTIONS);
  const maxPools = reader.integer("maxPools", 1, 100_000, 256);
  const maxConnections = reader.integer("maxConnectionsPerPool", 1, 1024, 16);
  const maxHeaderBytes = reader.integer("maxHeaderBytes", 1024, 1_048_576, 16_384);
  const maxRedirects = reader.integer("maxRedirects", 0, 20, 0);
  const idleMs = reader.integer("idleMs", 1, MAX_DELAY_MS, 15_000);
  reader.done();
  const { resolve = systemResolver, clock = systemClock } = options;
  const pools = createPoolTable({ maxPools, maxConnections, maxHeaderBytes });
  return new GuardedEgress({ resolve, clock, pools, maxHeaderBytes, maxRedirects, idleMs });
}

interface Settings {
  readonly resolve: Resolver;
  readonly clock: Clock;
  readonly pools: PoolTable;
  readonly maxHeaderBytes: number;
  readonly maxRedirects: number;
  readonly idleMs: number;
}

class GuardedEgress implements Egress {
  readonly #settings: Settings;
  readonly #lives = new Set<Life>();
  #closed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async request(request: EgressRequest): Promise<EgressResponse> {
    if (this.#closed) throw new EgressError("CANCELLED", "the egress is closed");
    const timeoutMs = readNumber("timeoutMs", request.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, MAX_DELAY_MS);
    const maxBytes = readNumber("maxBytes", request.maxBytes ?? DEFAULT_MAX_BYTES, 0, MAX_BODY_BYTES);
    const policy = toAddressPolicy(request.allowPrivate);
    const { maxHeaderBytes, idleMs } = this.#settings;
    const life = beginLife(this.#settings.clock, timeoutMs, request.signal);
    this.#lives.add(life);
    try {
      return await this.#follow(request, policy, { maxBytes, maxHeaderBytes, idleMs }, life);
    } catch (error) {
      // Refusals of a later hop do not know what was sent before.
      if (error instanceof EgressError && life.sent && !error.sent) throw life.fail(error.code, error.message);
      throw error;
    } finally {
      life.leave();
      this.#lives.delete(life);
    }
  }

  stats(): EgressStats {
    return { ...this.#settings.pools.counts, active: this.#lives.size };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const life of this.#lives) life.end("CANCELLED", "the egress is closed");
    await this.#settings.pools.destroy();
  }

  /** Sends it, and again to where it is redirected, as far as that is allowed. */
  async #follow(
    request: EgressRequest,
    policy: AddressPolicy,
    limits: ExchangeLimits,
    life: Life,
  ): Promise<EgressResponse> {
    const { maxRedirects } = this.#settings;
    let outgoing = toOutgoing(request, parseTarget(request.url));
    for (let hops = 0; ; hops++) {
      const answer = await this.#send(request, outgoing, policy, limits, life);
      const next = maxRedirects === 0 ? null : toNextHop(request.method, outgoing.target, answer);
      if (next === null) {
        const { status, headers, body } = answer;
        return { status, headers, body, url: outgoing.target.url, redirected: hops > 0 };
      }
      if (hops === maxRedirects) {
        const text = `${outgoing.target.origin} redirects more than ${maxRedirects} times`;
        throw life.fail("TOO_MANY_REDIRECTS", text);
      }
      outgoing = toOutgoing(request, next);
    }
  }

  /** One exchange, on a connection of its pool. */
  async #send(
    { pool }: EgressRequest,
    outgoing: OutgoingRequest,
    policy: AddressPolicy,
    limits: ExchangeLimits,
    life: Life,
  ): Promise<Answer> {
    const { resolve, pools } = this.#settings;
    const { target } = outgoing;
    const parts = [pool.tenant, pool.upstream, pool.credential, policy.key];
    for (let attempt = 1; ; attempt++) {
      const connections = pools.get(parts, target.origin);
      const open = (): ReturnType<typeof openSocket> => openSocket({ target, policy, resolve, life });
      const lease = await connections.acquire(life, open, attempt > 1);
      try {
        return await exchange(lease.connection, outgoing, limits, life);
      } catch (error) {
        // Nothing was written, so trying again repeats nothing; a connection that was idle may just have been closed.
        if (error !== UNUSED) throw error;
        if (attempt === MAX_ATTEMPTS) {
          throw life.fail("CONNECTION_LOST", `${target.origin} closes connections before anything is sent`);
        }
      } finally {
        lease.release();
      }
    }
  }
}

function readNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new EgressError("REFUSED_URL", `${name}: received ${String(value)}, expected an integer from ${min} to ${max}`);
}
