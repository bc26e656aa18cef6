// Overrides of quotas as they are declared or set, in force or not: one whose limit there is not yet, or not any more, waits for it.
import type { Principal } from "../../call/principal.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Limiter, QuotaOverrideSpec } from "../../quota/index.ts";

/** Whose override it is, and of what. */
export interface OverrideKey {
  readonly principal: Principal;
  readonly limit: string;
}

export interface KeptOverrides {
  /** Throws INVALID_OPTION, or UNKNOWN_LIMIT when there is no such limit, and sets nothing. */
  check(key: OverrideKey, spec: QuotaOverrideSpec): void;
  /** Keeps the override, in force if its limit is there; null: takes it back. */
  put(key: OverrideKey, spec: QuotaOverrideSpec | null): void;
  /** After the limits of the registry have changed. */
  refresh(): void;
  /** After a version of a tool was published. */
  refreshTool(name: string): void;
  isInForce(key: OverrideKey): boolean;
  /** Whether it is one of a tool's own limit, and there is no such tool yet. */
  isEarly(key: OverrideKey): boolean;
}

interface Kept extends OverrideKey {
  readonly spec: QuotaOverrideSpec;
  isInForce: boolean;
}

/** Creates a table without overrides over those of `limiter`. */
export function createKeptOverrides(limiter: Limiter, isPublished: (tool: string) => boolean): KeptOverrides {
  const all = new Map<string, Kept>();

  const apply = (kept: Kept): void => {
    const { principal, limit, spec } = kept;
    try {
      limiter.override(principal, limit, spec);
      kept.isInForce = true;
    } catch (error) {
      if (!(error instanceof ToolyardError)) throw error;
      // A limit that is gone limits nobody, and so its override changes nothing for anybody.
      if (kept.isInForce) limiter.override(principal, limit, null);
      kept.isInForce = false;
    }
  };

  return {
    check({ principal, limit }, spec) {
      limiter.checkOverride(principal, limit, spec);
    },
    put(key, spec) {
      const name = toName(key);
      const before = all.get(name);
      if (spec !== null) {
        const kept = { ...key, spec, isInForce: before?.isInForce ?? false };
        all.set(name, kept);
        apply(kept);
      } else if (all.delete(name) && before?.isInForce === true) limiter.override(key.principal, key.limit, null);
    },
    refresh() {
      for (const kept of all.values()) apply(kept);
    },
    refreshTool(tool) {
      for (const kept of all.values()) if (!kept.isInForce && kept.limit.startsWith(`${tool}:`)) apply(kept);
    },
    isInForce: (key) => all.get(toName(key))?.isInForce ?? false,
    isEarly({ limit }) {
      const end = limit.indexOf(":");
      return end > 0 && !isPublished(limit.slice(0, end));
    },
  };
}

function toName({ principal, limit }: OverrideKey): string {
  return `${principal.tenant}\0${principal.id}\0${limit}`;
}
