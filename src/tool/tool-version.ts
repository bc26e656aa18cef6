// A published definition as readers see it: plain, frozen, JSON-able data. The digest covers every field here but the
// digest itself; the handler and a computed cost are code and have none, unless `source` says what the handler is made of.
import type { JsonValue } from "../kernel/json.ts";
import type { Access } from "./access.ts";
import type { AnyDefinition } from "./definition.ts";
import type { Effect } from "./effect.ts";
import type { ConcurrencyLimit, Limit } from "./limit.ts";
import type { BreakerState, ResilienceFields } from "./resilience.ts";
import type { JsonSchema, Schema } from "./schema/schema.ts";
import type { DefinitionSource } from "./source.ts";

export interface ToolVersion extends ResilienceFields {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly effect: Effect;
  readonly idempotent: boolean;
  readonly honoursKeys: boolean;
  readonly inputSchema: JsonSchema;
  /** null: anything JSON can hold. */
  readonly outputSchema: JsonSchema | null;
  readonly examples: readonly JsonValue[];
  /** null: nothing in the definition grants it. */
  readonly access: Access | null;
  readonly limits: readonly Limit[];
  readonly concurrency: readonly ConcurrencyLimit[];
  /** "computed" when a function computes it from the input. */
  readonly cost: number | "computed";
  /** null: the registry's. */
  readonly timeoutMs: number | null;
  readonly exactNumbers: "bigint" | "text" | null;
  /** What the tool is made of when it is data; not there: its handler is code. */
  readonly source?: DefinitionSource;
  /** `sha256:<hex>` over the RFC 8785 form of all of the above. */
  readonly digest: string;
}

/** `staged`: published, and called only by its exact version or through a rollout. */
export type Status = "staged" | "active" | "deprecated" | "retired";

/** `canary`: the version answers for another one. `shadow`: it runs after the other one has answered, and is only compared. */
export type RolloutKind = "canary" | "shadow";

export interface Deprecation {
  /** Why, and what to use instead. */
  readonly message: string;
  /** When it will be retired, epoch ms; null when that is not decided. */
  readonly sunsetAt: number | null;
  /** A reference to use instead. */
  readonly successor: string | null;
}

/** What `get`, `list` and `versions` return. */
export interface ToolDescription extends ToolVersion {
  readonly status: Status;
  readonly deprecation: Deprecation | null;
  /** Now: the worse state of the breakers of the tool and its upstream; null when it has neither. */
  readonly breakerState: BreakerState | null;
}

/** A version with what it takes to run it. Internal to the registry. */
export interface PublishedTool {
  readonly version: ToolVersion;
  readonly definition: AnyDefinition;
  readonly input: Schema;
  readonly output: Schema | null;
}
