// A section of the guided example: what it says, what it claims, and whether that is so. Every claim is computed from
// what happened in this run; a false one makes the demo exit with 1.
import type { Model } from "../../agent/index.ts";
import type { Clock, ErrorCode, Outcome, Principal, Registry } from "../../index.ts";
import { createPrincipal } from "../../index.ts";
import type { Output } from "../output/index.ts";
import type { DemoApp } from "./demo-app.ts";

export interface Claim {
  readonly text: string;
  readonly holds: boolean;
}

export interface Section {
  readonly title: string;
  /** What is shown and why it matters, in a few sentences. */
  readonly explanation: string;
  readonly claims: readonly Claim[];
  /** What was found, as JSON data. */
  readonly data: unknown;
  /** The same for people. */
  readonly show: (output: Output) => void;
}

/** What the sections share. */
export interface Stage {
  readonly registry: Registry<DemoApp>;
  /** What the tools use, so that a section can break it. */
  readonly app: DemoApp;
  readonly model: Model;
  readonly clock: Clock;
  /** Whether the model is the offline one, whose answers are known. */
  readonly offline: boolean;
}

export type RunSection = (stage: Stage) => Promise<Section>;

const principal = (id: string, role: string): Principal => createPrincipal({ id, roles: [role] });

/** The people of the demo, one for each role. */
export const PEOPLE: { readonly admin: Principal; readonly user: Principal; readonly guest: Principal } = Object.freeze(
  {
    admin: principal("ada", "ADMIN"),
    user: principal("ulla", "USER"),
    guest: principal("gus", "GUEST"),
  },
);

/** Whether the call came to this code. */
export function isCode(outcome: Outcome, code: ErrorCode): boolean {
  return !outcome.ok && outcome.error.code === code;
}
