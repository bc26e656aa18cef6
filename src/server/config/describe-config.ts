// The configuration in force, key by key, as it may be shown.
import type { JsonValue } from "../../kernel/json.ts";
import { listValues } from "./config-values.ts";
import type { ConfigOrigin, ResolvedConfig } from "./resolve-config.ts";
import { showValue } from "./show-value.ts";

export interface DescribedValue {
  readonly path: string;
  /** Without secrets and code: references to secrets as they are, tools by name and version. */
  readonly value: JsonValue;
  readonly origin: ConfigOrigin;
}

/** Every key that has a value, defaults included, with where it came from. */
export function describeConfig({ config, origins }: ResolvedConfig): readonly DescribedValue[] {
  return listValues({ ...config }).flatMap(({ key, value }) => {
    const origin = origins.get(key.path);
    return origin === undefined ? [] : [{ path: key.path, value: showValue(key, value), origin }];
  });
}
