// The server's listeners: one, or one for callers and one for administration.
import { createIdSource } from "../kernel/ids.ts";
import {
  createListener,
  type GuardParts,
  type HttpServer,
  type MountParts,
  type Route,
  type Running,
} from "./http/index.ts";
import type { LiveSettings } from "./live-settings.ts";

export interface Listener {
  /** Where it is reached, without a path. */
  readonly url: string;
  readonly server: HttpServer;
}

export interface ListenersOptions<Parts> {
  readonly live: LiveSettings;
  readonly routes: readonly Route<Parts>[];
  readonly parts: Parts;
  readonly running: Running;
  readonly isDraining: () => boolean;
  readonly isAdmin: GuardParts["isAdmin"];
  readonly onRefused: GuardParts["onRefused"];
  readonly onFault: MountParts<Parts>["onFault"];
}

export interface Listeners {
  readonly main: Listener;
  /** null: administration is on the main one. */
  readonly admin: Listener | null;
  readonly all: readonly Listener[];
}

const ADMINISTRATION: readonly string[] = ["admin", "operator"];

/** Listens. Rejects with the system's error for an address that cannot be had, and then listens nowhere. */
export async function openListeners<Parts>(options: ListenersOptions<Parts>): Promise<Listeners> {
  const { live, routes } = options;
  const { host, port, admin } = live.settings;
  if (admin === null) {
    const main = await listen(options, routes, host, port);
    return { main, admin: null, all: [main] };
  }
  const isOfAdmin = ({ access }: Route<Parts>): boolean => ADMINISTRATION.includes(access);
  const main = await listen(
    options,
    routes.filter((route) => !isOfAdmin(route)),
    host,
    port,
  );
  try {
    // Whoever looks after the server is somebody to it there, too.
    const own = routes.filter((route) => isOfAdmin(route) || route.tag === "service");
    const other = await listen(options, own, admin.host, admin.port);
    return { main, admin: other, all: [main, other] };
  } catch (error) {
    await main.server.close();
    throw error;
  }
}

async function listen<Parts>(
  options: ListenersOptions<Parts>,
  routes: readonly Route<Parts>[],
  host: string,
  port: number,
): Promise<Listener> {
  const { live, parts, running, isDraining, isAdmin, onRefused, onFault } = options;
  const { settings } = live;
  let got = port;
  const server = createListener<Parts>({
    ...{ settings, routes, parts, running, onFault, ids: createIdSource("req") },
    limits: { bytes: settings.bodyBytes, depth: settings.jsonDepth },
    guard: {
      ...{ isDraining, isAdmin, onRefused, shedder: live.shedder, ipLimit: live.ipLimit, keyLimit: live.keyLimit },
      hosts: live.hostsOf(host, () => got),
      authenticator: () => live.authenticator,
    },
  });
  server.server.maxConnections = settings.maxConnections;
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw error;
  }
  got = toPort(server, port);
  return { url: toUrl(host, got), server };
}

function toPort({ server }: HttpServer, port: number): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** An address that everybody is listened at is reached at this machine's own. */
function toUrl(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
