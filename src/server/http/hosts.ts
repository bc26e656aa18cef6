// Which names this server has, and which pages may ask it. Both are checked, each by itself: a page that rebinds its own name to
// our address sends that name as the host (S-80).
import type { ServerSettings } from "../config/index.ts";

export interface Hosts {
  isHost(host: string | undefined): boolean;
  /** `own`: a page of this server; `allowed`: of a listed origin; `none`: no page asks; `refused`: any other. */
  originOf(origin: string | undefined): "own" | "allowed" | "none" | "refused";
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** @param port the one that is listened at */
export function createHosts(
  settings: Pick<ServerSettings, "allowedHosts" | "corsOrigins" | "publicUrl">,
  host: string,
  port: number,
): Hosts {
  const names = new Set<string>();
  const origins = new Set<string>();
  const add = (name: string): void => {
    names.add(name.toLowerCase());
  };
  for (const name of [...LOOPBACK, toUrlHost(host)]) {
    add(`${name}:${port}`);
    if (port === 80 || port === 443) add(name);
    origins.add(`http://${name.toLowerCase()}:${port}`);
  }
  for (const name of settings.allowedHosts) add(name);
  if (settings.publicUrl !== null) {
    const { host: publicHost, hostname, origin, port: publicPort } = new URL(settings.publicUrl);
    add(publicHost);
    // Some proxies write the port that a URL leaves out.
    if (publicPort === "") add(`${hostname}:${settings.publicUrl.startsWith("https:") ? 443 : 80}`);
    origins.add(origin);
  }
  const allowed = new Set(settings.corsOrigins);
  return {
    isHost: (name) => name !== undefined && names.has(name.toLowerCase()),
    originOf(origin) {
      if (origin === undefined) return "none";
      if (origins.has(origin)) return "own";
      return allowed.has(origin) ? "allowed" : "refused";
    },
  };
}

function toUrlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
