// Whether an answer is followed to where it redirects. By default none is: a redirect is an answer, and who asked decides.
// Where an operator allows hops, a hop stays on its origin and repeats GET or HEAD as it was. A 303 changes nothing about
// that: after a POST it would be followed by a GET, but the POST has been answered, and its answer is what was asked for.
// An answer that leads to another origin is handed back, so that no header, and no credential, crosses origins by itself.
import type { Answer } from "./exchange.ts";
import { parseLocation, type Target } from "./target.ts";

const FOLLOWED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where `answer` of `from` leads, or null when it is to be handed back. Throws REFUSED_URL for what is no URL. */
export function toNextHop(method: string, from: Target, answer: Answer): Target | null {
  if (!FOLLOWED.has(answer.status) || (method !== "GET" && method !== "HEAD")) return null;
  const location = answer.headers["location"];
  if (location === undefined) return null;
  const next = parseLocation(location, from);
  return next.origin === from.origin ? next : null;
}
