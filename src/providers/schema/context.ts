// The state of one compilation: what was changed, what was defined, how much was done. A refusal unwinds the whole of it,
// because what follows would be about a schema that is not going to be sent.
import { isObject } from "../../kernel/json.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import type { SchemaChange } from "./compiled-schema.ts";
import { Definitions } from "./definitions.ts";
import type { Place } from "./place.ts";
import type { Branch, Plan, PlanHolder, SchemaObject } from "./plan.ts";
import type { SchemaRules } from "./rules.ts";
import { WireProperties } from "./wire-properties.ts";

/** Thrown by `Context.refuse`, and caught where the compilation began. */
export class Refusal {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export interface Compiled {
  readonly schema: SchemaObject;
  readonly plan: Plan | null;
}

export type Compile = (context: Context, schema: unknown, at: Place) => Compiled;

/** Alternatives that have to be told apart on the way back. */
export interface FoundUnion {
  readonly at: Place;
  readonly branches: readonly Branch[];
}

// References that are written out may double at each step, and a stranger may have written the schema.
const MAX_NODES = 30_000;
const MAX_STEPS = 128;

export class Context {
  /** The tool's schema; references lead into it. */
  readonly root: JsonSchema;
  readonly rules: SchemaRules;
  readonly changes: SchemaChange[] = [];
  readonly unions: FoundUnion[] = [];
  readonly definitions: Definitions = new Definitions();
  readonly properties: WireProperties;
  /** The plan of the root, for what refers to it. */
  readonly rootPlan: PlanHolder = { plan: null, isLossy: false };
  /** Steps after which more is accepted than before. */
  losses = 0;
  /** Whether any null stands for what was left out. */
  hasDrops = false;
  /** Whether any constant may come in another case. */
  hasTexts = false;
  readonly #compile: Compile;
  readonly #trustsCircles: boolean;
  readonly #trusted: Set<PlanHolder> = new Set();
  #nodes = 0;

  /** `trustsCircles`: whether what is being compiled is taken to be exact by what it contains. */
  constructor(root: JsonSchema, rules: SchemaRules, compile: Compile, trustsCircles: boolean) {
    this.root = root;
    this.#trustsCircles = trustsCircles;
    this.rules = rules;
    this.properties = new WireProperties(root, rules.propertyNames);
    this.#compile = compile;
  }

  /** Whether something was taken to be exact and is not. */
  get wasMistaken(): boolean {
    return [...this.#trusted].some(({ isLossy }) => isLossy);
  }

  /** Refers to `target`, which is being compiled. */
  trust(target: PlanHolder): void {
    if (this.#trustsCircles) this.#trusted.add(target);
    else this.losses++;
  }

  /** Compiles a schema that stands at `at`. */
  node(schema: unknown, at: Place): Compiled {
    if (++this.#nodes > MAX_NODES) this.refuse(`more than ${MAX_NODES} subschemas once references are followed`);
    if (at.steps > MAX_STEPS) this.refuse(`nested deeper than ${MAX_STEPS} schemas`);
    return this.#compile(this, schema, at);
  }

  note(at: Place, keyword: string, what: SchemaChange["what"], message: string): void {
    if (what !== "rewritten") this.losses++;
    this.changes.push({ path: at.path, keyword, what, message });
  }

  /** The schema cannot be sent in this form. `reason` names the place. */
  refuse(reason: string): never {
    throw new Refusal(reason);
  }
}

/** The members of a map of schemas; none when there is none. */
export function toEntries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}
