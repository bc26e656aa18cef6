// How a change of settings takes effect: checked on the state there is, intended in the trail, written to the store, then in force, told and
// recorded. One after the other: what a change is checked against is what the one before it left, and memory ends as the store does.
import type { Principal } from "../../call/principal.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Environment } from "../../pipeline/environment.ts";
import type { Change } from "../../ports/catalog-store.ts";
import type { Setting, SettingKind, SettingStore } from "../../ports/setting-store.ts";
import { intendAct, recordAct } from "../acts.ts";
import { createActQueue } from "../catalogue/act-queue.ts";
import type { Emitter } from "../events.ts";
import { toKind } from "../options.ts";
import type { DeclaredProgram } from "./declared-program.ts";
import { planFoundations } from "./plan-foundations.ts";
import { keepSettings } from "./read-settings.ts";
import { SETTING_ACTS, SETTING_RULES, type SettingTarget } from "./setting-rules.ts";

export interface SettingParts extends SettingTarget {
  readonly environment: Environment;
  readonly emitter: Emitter;
  readonly store: SettingStore;
  /** What the program declares itself. */
  readonly program: DeclaredProgram;
}

interface OneChange extends Change {
  readonly kind: SettingKind;
  readonly id: string;
  /** null: it goes. */
  readonly body: JsonValue | null;
}

interface Act {
  readonly principal: Principal | null;
  readonly changes: readonly OneChange[];
}

type Begin<T> = () => Promise<(() => MaybePromise<T | null>) | null>;

export interface SettingWriter {
  /**
   * Makes the changes of an act. `begin` looks at what there is, throws what refuses the act, or resolves to null when there is nothing
   * to do; what it resolves to otherwise writes to the store: null when somebody else was faster. Resolves to what was written, or to
   * null.
   */
  write<T>(act: Act, begin: Begin<T>): Promise<T | null>;
  /** Works while no setting is being written. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Throws REVISION_CONFLICT. */
  checkRevision(kind: SettingKind, id: string, expected: number | null): Promise<void>;
}

/** The one way by which settings of a registry change. */
export function createSettingWriter(parts: SettingParts): SettingWriter {
  const { environment, emitter, store, program } = parts;
  const queue = createActQueue(() => true);

  const plan = async (one: OneChange): Promise<() => void> => {
    const { kind, id, body } = one;
    // One that is stored and declared is not in force.
    if (program.declared[kind].has(id)) return () => {};
    if (kind === "role" || kind === "limit") return planFoundations({ kind, id, body }, parts);
    const rule = SETTING_RULES[kind];
    if (body !== null) rule.check(id, body, parts);
    return () => {
      rule.apply(id, body, parts, one);
    };
  };

  const announce = ({ kind, id }: OneChange): void => {
    emitter.emit("setting.changed", { kind, id });
    if (kind === "grant") emitter.emit("grants.changed", { count: environment.authorization.grants.length });
    if (kind === "permission") emitter.emit("permissions.changed", { name: id });
  };

  const toAct = (one: OneChange, principal: Principal | null): Parameters<typeof recordAct> => {
    const tool = one.kind === "permission" ? one.id : "*";
    return [environment, SETTING_ACTS[one.kind], tool, { ...(principal && { principal }), details: { ...one } }];
  };

  const attempt = async <T>({ principal, changes }: Act, begin: Begin<T>): Promise<Done<T>> => {
    const save = await begin();
    if (save === null) return { written: null, recorded: null };
    const applies: (() => void)[] = [];
    for (const one of changes) applies.push(await plan(one));
    for (const one of changes) await intendAct(...toAct(one, principal));
    const written = await keepSettings(save);
    if (written === null) throw await findConflict(store, changes);
    for (const apply of applies) apply();
    for (const one of changes) announce(one);
    const recorded = Promise.all(changes.map((one) => recordAct(...toAct(one, principal))));
    return { written, recorded };
  };

  return {
    async write(act, begin) {
      const done = await queue.run(() => attempt(act, begin));
      // Outside of the queue: a slow trail holds this act's answer, and nobody else's act.
      await done.recorded;
      return done.written;
    },
    inTurn: (work) => queue.run(work),
    async checkRevision(kind, id, expected) {
      if (expected === null) return;
      const found = await keepSettings(() => store.get(kind, id));
      if ((found?.revision ?? 0) !== expected) throw toConflict(found ?? { kind, id, revision: 0 }, expected);
    },
  };
}

interface Done<T> {
  readonly written: T | null;
  readonly recorded: Promise<unknown> | null;
}

async function findConflict(store: SettingStore, changes: readonly OneChange[]): Promise<ToolyardError> {
  const [first] = changes;
  const { kind, id } = first as OneChange;
  const found = await keepSettings(() => store.get(kind, id));
  return toConflict(found ?? { kind, id, revision: 0 }, null);
}

/** Somebody else was faster. */
export function toConflict(
  { kind, id, revision }: Pick<Setting, "kind" | "id" | "revision">,
  expected: number | null,
): ToolyardError {
  const is = revision === 0 ? "is not there" : `has revision ${revision}`;
  const message = `The ${kind} ${toKind(id)} ${is}, and ${expected ?? "what was read"} was expected; read it again`;
  return new ToolyardError("REVISION_CONFLICT", message);
}
