// The Ajv instances of the process, shared by all schemas of a dialect: an instance per schema costs twenty times the
// memory. Compiled validators are kept for the schemas used last; the others compile again when they are needed.
// Ajv keeps what it has compiled as long as it lives, so the instance itself is replaced from time to time.
import { Ajv, type Options, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Dialect } from "./dialect.ts";
import { patternEngine } from "./pattern.ts";
import type { JsonSchema } from "./schema.ts";
import { uniqueItemsKeyword } from "./unique-items.ts";

/** Keeps one compiled validator, as long as it may. */
export interface ValidatorHolder {
  /** When it was used last, in ticks of the pool. */
  usedAt: number;
  /** Lets go of the validator. */
  drop(): void;
}

export interface ValidatorPool {
  /** Now, for `usedAt`. */
  tick(): number;
  /** Compiles `schema` and registers its holder; lets go of the one used least recently when there is no room. */
  compile(schema: JsonSchema, holder: ValidatorHolder): ValidateFunction;
  /** Holders that have a validator. */
  readonly size: number;
}

export interface ValidatorPoolOptions {
  readonly dialect: Dialect;
  /** Whether validators find all errors, with the data and the schema of each, or stop at the first. */
  readonly allErrors: boolean;
  /** Validators kept at the most. */
  readonly maxSize: number;
}

/** After how many compilations, in pools full of validators, the instance is replaced. */
const POOLS_PER_INSTANCE = 4;

/** What Ajv has to do, and not to do, with schemas and values it did not choose. */
function toOptions(allErrors: boolean): Options {
  return {
    // Structure is checked at registration; unknown keywords are annotations.
    strict: false,
    meta: false,
    validateSchema: false,
    // Schemas have no `$id` here, so each takes the place of the one before; without this, `$ref: "#"` does not resolve.
    addUsedSchema: true,
    logger: false,
    // Otherwise `required: ["toString"]` is met by every object.
    ownProperties: true,
    strictNumbers: true,
    // 19.99 is a multiple of 0.01 for everybody but a double.
    multipleOfPrecision: 9,
    $data: false,
    allErrors,
    verbose: allErrors,
    messages: false,
    code: { regExp: patternEngine },
  };
}

const WEB_SCHEME = /^(?:https?|ftp):\/\//i;
const uri = formats.default.get("uri") as (text: string) => boolean;

/** In place of the plugin's pattern, which takes the square of the length: 0.3 s for 20,000 colons, minutes for more. */
function isUrl(text: string): boolean {
  return WEB_SCHEME.test(text) && uri(text) && URL.canParse(text);
}

function createAjv({ dialect, allErrors }: ValidatorPoolOptions): Ajv {
  const options = toOptions(allErrors);
  const ajv = dialect === "2020-12" ? new Ajv2020(options) : new Ajv(options);
  formats.default(ajv);
  ajv.addFormat("url", isUrl);
  // Draft-04's name of `$id`, today an annotation of several generators; Ajv throws at the sight of it.
  ajv.removeKeyword("id");
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword(uniqueItemsKeyword);
  return ajv;
}

/** Creates an empty pool. */
export function createValidatorPool(options: ValidatorPoolOptions): ValidatorPool {
  const { maxSize } = options;
  const holders = new Set<ValidatorHolder>();
  let ajv: Ajv | null = null;
  let compiled = 0;
  let now = 0;

  const letGo = (holder: ValidatorHolder): void => {
    holders.delete(holder);
    holder.drop();
  };

  const makeRoom = (): void => {
    if (compiled >= maxSize * POOLS_PER_INSTANCE) {
      for (const holder of holders) letGo(holder);
      ajv = null;
      compiled = 0;
    }
    if (holders.size < maxSize) return;
    // Looked for only before a compilation, which costs a hundred times as much; so a use costs one assignment.
    let oldest: ValidatorHolder | null = null;
    for (const holder of holders) if (oldest === null || holder.usedAt < oldest.usedAt) oldest = holder;
    if (oldest !== null) letGo(oldest);
  };

  return {
    tick: () => ++now,
    compile(schema, holder) {
      makeRoom();
      ajv ??= createAjv(options);
      // A copy, so that nothing but Ajv's own instance refers to it, and without what Ajv would make global names of.
      const { $id: _id, $schema: _schema, ...bare } = schema;
      const validator = ajv.compile(bare);
      compiled++;
      holders.add(holder);
      return validator;
    },
    get size() {
      return holders.size;
    },
  };
}

const MAX_FIRST_ERROR = 512;
const MAX_ALL_ERRORS = 128;

function createPools(dialect: Dialect): { readonly first: ValidatorPool; readonly all: ValidatorPool } {
  return {
    first: createValidatorPool({ dialect, allErrors: false, maxSize: MAX_FIRST_ERROR }),
    all: createValidatorPool({ dialect, allErrors: true, maxSize: MAX_ALL_ERRORS }),
  };
}

/** The pools of the process. An instance of Ajv is made at the first compilation. */
export const VALIDATOR_POOLS: Readonly<Record<Dialect, ReturnType<typeof createPools>>> = {
  "2020-12": createPools("2020-12"),
  "draft-07": createPools("draft-07"),
};
