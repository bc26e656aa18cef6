// The state that a command works on, and where it is: docs/reference/cli.md says in which order it is looked for.
import { loadSessionConfig } from "./load-session-config.ts";
import { findState, openReaders, openStores, type StatePlace } from "../server/state/index.ts";
import type { StoreReaders, Stores } from "../ports/stores.ts";
import type { Session } from "./verb.ts";

export type State = Stores & StatePlace;
export type ReadableState = StoreReaders & StatePlace;

/** Opens the state of the session for changes; SQLite files are made when they are not there. */
export async function openState(session: Session): Promise<State> {
  const place = await findPlace(session);
  return { ...(await openStores(place, session.io.clock, session.io.env)), ...place };
}

/** Opens it for looking: nothing is made, and nothing is changed. */
export async function openStateForReading(session: Session): Promise<ReadableState> {
  const place = await findPlace(session);
  return { ...(await openReaders(place, session.io.clock, session.io.env)), ...place };
}

/** Where it is, whether or not there is one. */
export async function findPlace(session: Session): Promise<StatePlace> {
  return findState(session.data, await loadSessionConfig(session), session.io);
}
