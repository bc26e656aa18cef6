// The registry's own policies about failing, checked like those of a tool and filled in.
import type { Problem } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import type { UpstreamPolicy } from "../pipeline/tool-state.ts";
import { FieldReader } from "../tool/publishing/field-reader.ts";
import { readBreaker, readBulkhead, readRetry, RETRY_DEFAULTS } from "../tool/publishing/read-policies.ts";
import type { Complete, RetryPolicy } from "../tool/resilience.ts";
import type { RegistryOptions } from "./registry.ts";

export interface ResilienceOptions {
  readonly retry: Complete<RetryPolicy>;
  readonly upstreams: ReadonlyMap<string, UpstreamPolicy>;
  readonly problems: readonly Problem[];
}

const NAME = "upstreams (name)";
const MAX_NAME = 64;

/** What `options` say; what cannot be meant is in `problems`. */
export function readResilienceOptions({ retry, upstreams }: RegistryOptions<never>): ResilienceOptions {
  const problems: Problem[] = [];
  const reader = new FieldReader({ retry: retry === false ? { repeats: 0 } : retry, upstreams }, "", problems);
  return {
    retry: readRetry(reader, "retry") ?? RETRY_DEFAULTS,
    upstreams: readUpstreams(reader, upstreams, problems),
    problems,
  };
}

function readUpstreams(
  reader: FieldReader,
  upstreams: unknown,
  problems: Problem[],
): ReadonlyMap<string, UpstreamPolicy> {
  const policies = new Map<string, UpstreamPolicy>();
  if (upstreams === undefined) return policies;
  if (!isObject(upstreams)) {
    reader.record("upstreams", [], "{ crm: { breaker: {} } }");
    return policies;
  }
  const inner = new FieldReader(upstreams, "upstreams.", problems);
  for (const name of Object.keys(upstreams)) {
    // A name that no tool could say.
    if (new FieldReader({ [NAME]: name }, "", problems).text(NAME, MAX_NAME) === undefined) continue;
    const upstream = inner.record(name, ["breaker", "bulkhead"], "{ breaker: { failures: 5 } }");
    if (upstream === undefined) continue;
    policies.set(name, {
      breaker: readBreaker(upstream, "breaker") ?? null,
      bulkhead: readBulkhead(upstream, "bulkhead") ?? null,
    });
  }
  return policies;
}
