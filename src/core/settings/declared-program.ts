// What the program declares at the moment: as it was opened with, until it declares otherwise.
import { type Declared, type ProgramSettings, toDeclared } from "./declared-settings.ts";

export interface DeclaredProgram {
  /** As it was given. */
  readonly settings: ProgramSettings;
  /** Ids of it. */
  readonly declared: Declared;
  replace(settings: ProgramSettings): void;
}

/** Keeps what the program declares, at first `settings`. */
export function createDeclaredProgram(settings: ProgramSettings): DeclaredProgram {
  let now = { settings, declared: toDeclared(settings) };
  return {
    get settings() {
      return now.settings;
    },
    get declared() {
      return now.declared;
    },
    replace(next) {
      now = { settings: next, declared: toDeclared(next) };
    },
  };
}
