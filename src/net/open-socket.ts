// Opens a connection to one of the addresses that were decided on, and decides once more on the one that answered. Nothing
// is written before that: not a byte of TLS, let alone of a request.
import { connect as connectTcp, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { AddressPolicy } from "./address.ts";
import type { EgressError } from "./egress-error.ts";
import type { Life } from "./exchange-life.ts";
import { type Resolver, resolveHost, toCode } from "./resolve-host.ts";
import type { Target } from "./target.ts";

export interface SocketOptions {
  readonly target: Target;
  readonly policy: AddressPolicy;
  readonly resolve: Resolver;
  readonly life: Life;
}

/** Opens a socket, with TLS where the target asks for it. Rejects with an EgressError; then it has been closed. */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const { target, policy, resolve, life } = options;
  const addresses = await resolveHost(target, policy, resolve, life);
  const raw = connectTcp({
    host: target.hostname,
    port: target.port,
    // Only decided addresses are dialled: asking the resolver again is what rebinding waits for.
    lookup: toLookup(addresses),
    autoSelectFamily: true,
    noDelay: true,
  });
  await settled(raw, "connect", life, (error) => {
    return life.fail("CONNECT_FAILED", `${target.origin} accepts no connection${toCode(error)}`);
  });
  const { remoteAddress } = raw;
  if (remoteAddress === undefined) {
    raw.destroy();
    throw life.fail("CONNECT_FAILED", `${target.origin} closed the connection at once`);
  }
  const decision = policy.decide(remoteAddress);
  if (!decision.ok) {
    raw.destroy();
    const text = `${target.hostname} is connected to ${remoteAddress}, which is refused (${decision.range})`;
    throw life.fail("REFUSED_ADDRESS", `${text}: expected ${policy.allows}`);
  }
  return target.secure ? await secure(raw, target, life) : raw;
}

async function secure(raw: Socket, { hostname, isAddress, origin }: Target, life: Life): Promise<Socket> {
  // A root's dot is no part of the name in a certificate.
  const name = hostname.replace(/\.$/, "");
  const socket = connectTls({
    socket: raw,
    host: name,
    ...(isAddress ? {} : { servername: name }),
    ALPNProtocols: ["http/1.1"],
    // Said, because otherwise a variable of the environment could say the opposite.
    rejectUnauthorized: true,
  });
  await settled(socket, "secureConnect", life, (error) => {
    raw.destroy();
    return life.fail("TLS_FAILED", `${origin} makes no TLS connection that holds${toCode(error)}`);
  });
  return socket;
}

/** Waits for `event`. On an error, an end, or the end of `life` the socket is destroyed. */
async function settled(
  socket: Socket,
  event: "connect" | "secureConnect",
  life: Life,
  toError: (error: unknown) => EgressError,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Stays: a socket that fails after it was given up must not end the process.
  socket.on("error", (error) => {
    reject(toError(error));
  });
  const onClose = (): void => {
    reject(toError(null));
  };
  socket.once("close", onClose);
  socket.once(event, resolve);
  const stop = life.scope.onCancel((reason) => {
    reject(reason);
    socket.destroy();
  });
  try {
    await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    stop();
    socket.off("close", onClose);
  }
}

function toLookup(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return (_hostname, options, callback) => {
    const [first] = found;
    if (options.all === true) callback(null, found);
    else callback(null, first?.address ?? "", first?.family);
  };
}
