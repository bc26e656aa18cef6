// Everything that is wrong with a configuration, at once: first what the schema says, then what the registry says of the rest.
import type { z } from "zod";
import type { Problem } from "../../errors/toolyard-error.ts";
import { ToolyardError, createRegistry } from "../../index.ts";
import {
  isPlainObject,
  toAccepted,
  toMeta,
  toOptions,
  toPathText,
  toProblems,
  toReceived,
  toStep,
} from "../problems/index.ts";
import type { ToolyardConfig } from "./config.ts";
import { CONFIG_SCHEMA } from "./config-schema.ts";
import { toRegistryOptions } from "./to-registry-options.ts";

/** The problems of a configuration; empty when `value` is a `ToolyardConfig`. */
export function checkConfig(value: unknown): readonly Problem[] {
  if (!isPlainObject(value)) {
    return [
      {
        path: "default export",
        message: `received ${toReceived(value)}, expected the object that defineConfig({ … }) returns`,
      },
    ];
  }
  const { error } = CONFIG_SCHEMA.safeParse(value);
  const problems = [
    ...(error === undefined ? [] : toProblems(error, CONFIG_SCHEMA, value)),
    ...findInstances(CONFIG_SCHEMA, value, []),
  ];
  // What is said of a key is enough; the others are asked about all the same.
  const wrong = new Set(problems.map(({ path }) => path.split(/[.[]/, 1)[0]));
  const sound = Object.fromEntries(
    Object.entries(value).filter(([key, member]) => member !== undefined && !wrong.has(key)),
  );
  return [...problems, ...checkAudit(sound), ...checkAudience(sound), ...checkWithRegistry(sound)];
}

/** Objects of classes in place of plain ones: a promise that was not awaited has no members, and so nothing wrong with them. */
function findInstances(schema: z.ZodType, value: unknown, path: readonly string[]): readonly Problem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || toMeta(schema, "code") === true) return [];
  const shape = toOptions(schema)
    .map((option) => toStep(option).shape)
    .find((found) => found !== undefined);
  if (shape === undefined) return [];
  if (!isPlainObject(value))
    return [{ path: toPathText(path, ""), message: `received ${toReceived(value)}, expected ${toAccepted(schema)}` }];
  return Object.entries(shape).flatMap(([key, member]) => findInstances(member, value[key], [...path, key]));
}

/** The trail is in the state or in a file, not in both. */
function checkAudit({ audit, state }: ToolyardConfig): readonly Problem[] {
  if (audit === undefined) return [];
  const problem = (path: string, message: string): Problem => ({ path: `audit.${path}`, message });
  if (state === undefined) {
    const strict = "needs `state`: a file of JSON Lines cannot promise it";
    return [
      ...(audit.path === undefined ? [problem("path", "is missing; expected a path, or `state` beside it")] : []),
      ...(audit.strict === true ? [problem("strict", strict)] : []),
    ];
  }
  const message = "is for a project without `state`, whose database holds the trail; leave one of them out";
  return audit.path === undefined ? [] : [problem("path", message)];
}

/** A token for somebody else must not be good here, so each issuer has an audience; and each has one meaning. */
function checkAudience({ identity, server }: ToolyardConfig): readonly Problem[] {
  const known = new Set<string>();
  return (identity?.issuers ?? []).flatMap(({ issuer, audience }, at) => {
    const path = `identity.issuers[${at}]`;
    const isTwice = known.has(issuer);
    known.add(issuer);
    return [
      ...(audience === undefined && server?.publicUrl === undefined
        ? [{ path: `${path}.audience`, message: "is missing; expected a text, or `server.publicUrl` in its place" }]
        : []),
      ...(isTwice ? [{ path: `${path}.issuer`, message: "is there twice; expected each issuer once" }] : []),
    ];
  });
}

// The registry knows best what a role, a grant, a limit or a tool may be. It is thrown away: nothing has been opened.
function checkWithRegistry(config: ToolyardConfig): readonly Problem[] {
  try {
    createRegistry(toRegistryOptions(config));
    return [];
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    return error.problems.length > 0 ? error.problems : [{ path: "config", message: error.message }];
  }
}
