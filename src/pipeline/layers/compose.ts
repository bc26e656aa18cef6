// The onion around a handler, composed once per plan. Its order, from the outside:
//
//   cache( fallback( retry( breaker( bulkhead( attempt: hooks( handler ), check ) ) ) ) )
//
// cache outermost: an answer that is there costs nothing else. fallback over retry: it stands in for all attempts together.
// breaker inside retry: every attempt is a verdict, and an open breaker ends the repeating. bulkhead inside breaker: what is
// refused waits for nothing. Every wait in it ends at the call's deadline; the attempt's own deadline is innermost. The
// tool's own breaker and bulkhead lie around those of its upstream. A concern that a tool does not have adds no layer.
import { isRepeatable } from "../../tool/effect.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";
import type { Environment } from "../environment.ts";
import { createBreakerLayer } from "./breaker.ts";
import { createBulkheadLayer } from "./bulkhead.ts";
import { createCacheLayer } from "./cache.ts";
import { createFallbackLayer } from "./fallback.ts";
import type { Layer, Run } from "./layer.ts";
import { createRetryLayer } from "./retry.ts";
import { runHandler } from "./run-handler.ts";

/** The handler of `tool` inside its layers. */
export function composeAttempt(tool: PublishedTool, environment: Environment): Run {
  return toLayers(tool, environment).reduceRight<Run>((next, layer) => layer(next), runHandler);
}

/** From the outermost to the innermost. */
function toLayers(tool: PublishedTool, environment: Environment): readonly Layer[] {
  const { version } = tool;
  const { name, upstream: behind, cache, fallback } = version;
  const { flights, budgets, breaker, bulkhead, upstream } = environment.states.of(tool);
  const retry = version.retry ?? environment.retry;
  const layers: Layer[] = [];
  if (cache !== null) layers.push(createCacheLayer(cache, flights));
  if (fallback !== null) layers.push(createFallbackLayer({ version, tool }));
  // Of a tool that no key makes repeatable nothing is ever repeated.
  if (retry.repeats > 0 && isRepeatable(version, true)) layers.push(createRetryLayer(retry, budgets));
  if (breaker !== null) layers.push(createBreakerLayer(breaker, name));
  if (upstream?.breaker) layers.push(createBreakerLayer(upstream.breaker, `${behind}, which ${name} uses,`));
  if (bulkhead !== null) layers.push(createBulkheadLayer(bulkhead, name));
  if (upstream?.bulkhead) layers.push(createBulkheadLayer(upstream.bulkhead, `${behind}, which ${name} uses,`));
  return layers;
}
