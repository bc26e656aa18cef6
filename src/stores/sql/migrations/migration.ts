// A step between two versions of the tables.
import type { Part } from "../database.ts";
import type { SchemaMaker } from "../schema-maker.ts";

export interface Migration {
  readonly part: Part;
  /** From `version - 1` to this; 1 is the first. */
  readonly version: number;
  /**
   * The lowest version of the code that can go on working beside this one: `version - 1` when the step only adds what older code
   * does not look at, `version` when it does not.
   */
  readonly needs: number;
  up(maker: SchemaMaker): Promise<void>;
  /** The way back; what the step has added is lost. */
  down(maker: SchemaMaker): Promise<void>;
}
