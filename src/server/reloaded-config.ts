// What of a new configuration a running server can take, over what it was started with. The rest waits for a restart as a whole: half of
// it in force would be a configuration that nobody wrote.
import { RELOADABLE, toRegistryOptions, type ToolyardConfig } from "./config/index.ts";
import { isObject } from "../kernel/json.ts";
import type { RegistryOptions } from "../index.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The configuration that is in force after a reload: `next` where a key applies at reload, `started` elsewhere. */
export function toReloaded(started: ToolyardConfig<never>, next: ToolyardConfig<never>): ToolyardConfig<never> {
  let config: Fields = { ...started };
  for (const path of RELOADABLE) config = take(config, { ...next }, path.split("."));
  return config;
}

function take(into: Fields, from: Fields, [first = "", ...rest]: readonly string[]): Fields {
  const { [first]: before, ...others } = into;
  const given = Object.hasOwn(from, first) ? from[first] : undefined;
  if (rest.length > 0) return { ...others, [first]: take(toFields(before), toFields(given), rest) };
  return given === undefined ? others : { ...others, [first]: given };
}

function toFields(value: unknown): Fields {
  return isObject(value) ? value : {};
}

type Declared = "roles" | "grants" | "limits" | "principals" | "quotaOverrides";

/** What a configuration declares of what can be set at run time. */
export function toDeclaration(config: ToolyardConfig<never>): Pick<RegistryOptions<never>, Declared> {
  const { roles, grants, limits, principals, quotaOverrides } = toRegistryOptions(config);
  return {
    ...(roles !== undefined && { roles }),
    ...(grants !== undefined && { grants }),
    ...(limits !== undefined && { limits }),
    ...(principals !== undefined && { principals }),
    ...(quotaOverrides !== undefined && { quotaOverrides }),
  };
}
