// What every `versions` action that changes something takes, and how it opens what it changes: the stored catalogue, without the code
// of the configuration, so that looking after versions never publishes one.
import { Option } from "commander";
import type { ActOptions, Registry, ToolLife } from "../../index.ts";
import { openBareRegistry } from "../bare-registry.ts";
import { ACTOR } from "../credentials.ts";
import type { Session, VerbOptions } from "../verb.ts";
import { toInteger } from "../verb.ts";
import { printLife } from "./print-life.ts";

/** `--reason` and `--if-revision`. */
export function createActOptions(): readonly Option[] {
  return [
    new Option("--reason <text>", "why, for the record and the audit trail"),
    new Option("--if-revision <number>", "only if the tool is at this revision, which versions list shows").argParser(
      toInteger(0, Number.MAX_SAFE_INTEGER),
    ),
  ];
}

/** The options as an act takes them. */
export function toActOptions({ reason, ifRevision }: VerbOptions): ActOptions {
  return {
    principal: { id: ACTOR },
    ...(reason !== undefined && { reason: reason as string }),
    ...(ifRevision !== undefined && { expectedRevision: ifRevision as number }),
  };
}

/** Runs `act` on the stored catalogue and prints what is known of the tool afterwards. */
export async function actOnCatalogue(
  session: Session,
  act: (registry: Registry<never>) => Promise<ToolLife | void>,
): Promise<void> {
  await using registry = await openBareRegistry(session);
  const life = await act(registry);
  if (life === undefined) return;
  printLife(session, [life]);
  session.output.note("Running processes see it at their next start.");
}
