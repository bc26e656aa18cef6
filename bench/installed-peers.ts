// The peers have dependencies of their own, which nobody has to install who does not want to compare.
import { existsSync } from "node:fs";

export const PEERS_FOLDER: URL = new URL("peers/", import.meta.url);

/** How to install the peers; null when they are. */
export function toPeersHint(): string | null {
  if (existsSync(new URL("node_modules/ai/package.json", PEERS_FOLDER))) return null;
  return "peers: not installed, so left out. To compare with them: npm ci --prefix bench/peers";
}
