// The keys and secrets of the state, as the commands open them: every change is in the audit trail.
import { createActRecorder, createAuditTrail } from "../audit/index.ts";
import type { Keys } from "../keys/index.ts";
import { type CredentialOptions, openStateKeys, openStateSecrets, type StateSecrets } from "../server/state/index.ts";
import { openState, type State } from "./state.ts";
import type { Session } from "./verb.ts";

/** Who does it, as far as a command line knows. */
export const ACTOR = "cli";

export interface OpenedKeys extends AsyncDisposable {
  readonly state: State;
  readonly keys: Keys;
}

/** Opens the API keys for changes. */
export async function openSessionKeys(session: Session): Promise<OpenedKeys> {
  return openWith(session, async (state) => {
    const keys = await openStateKeys(state, state, toCredentialOptions(session, state));
    return { state, keys };
  });
}

export interface OpenedSecrets extends StateSecrets, AsyncDisposable {
  /** To resolve further references with. */
  readonly options: CredentialOptions;
}

/** Opens the secrets for changes. */
export async function openSessionSecrets(session: Session): Promise<OpenedSecrets> {
  return openWith(session, async (state) => {
    const options = toCredentialOptions(session, state);
    return { ...(await openStateSecrets(state, state, options)), options };
  });
}

async function openWith<T extends object>(
  session: Session,
  open: (state: State) => Promise<T>,
): Promise<T & AsyncDisposable> {
  const state = await openState(session);
  try {
    return { ...(await open(state)), [Symbol.asyncDispose]: () => state.close() };
  } catch (error) {
    await state.close();
    throw error;
  }
}

function toCredentialOptions({ io, output }: Session, state: State): CredentialOptions {
  const warn = (message: string): void => {
    output.note(output.colors.yellow(`warning: ${message}`));
  };
  const trail = createAuditTrail(state.ledger, { clock: io.clock });
  const acts = createActRecorder(trail, (error) => {
    warn(`it was done, and could not be recorded: ${(error as Error).message}`);
  });
  return { env: io.env, clock: io.clock, acts, warn };
}
