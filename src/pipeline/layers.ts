// What lies around a handler. The only onion of the walk, composed once per plan; an absent concern adds no layer.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { PublishedTool } from "../tool/tool-version.ts";
import { type Call, toHookCall } from "./call.ts";
import type { Environment } from "./environment.ts";
import { createHandlerContext } from "./handler-context.ts";
import { drainGenerator, isAsyncGenerator } from "./generator.ts";
import type { Hooks } from "./hooks.ts";

type Run = (call: Call) => MaybePromise<unknown>;
type Layer = (next: Run) => Run;

/** The handler of `tool` inside its layers, the first layer outermost. */
export function composeAttempt(tool: PublishedTool, environment: Environment): Run {
  const layers: Layer[] = (environment.hooks.aroundAttempt ?? []).map(toLayer);
  return layers.reduceRight<Run>((next, layer) => layer(next), toRun(tool, environment));
}

function toRun(tool: PublishedTool, environment: Environment): Run {
  const handler = tool.definition.handler as (input: unknown, context: unknown) => unknown;
  return (call) => {
    const result = handler(call.input, createHandlerContext(call, environment));
    return isAsyncGenerator(result) ? drainGenerator(call, result) : result;
  };
}

function toLayer(around: NonNullable<Hooks["aroundAttempt"]>): Layer {
  return (next) => (call) => {
    const { plan, request } = call;
    if (plan === null || request.principal === null) return next(call);
    return around(toHookCall(call, plan, request.principal), toNext(call, next));
  };
}

/**
 * The handler as a hook sees it. Async whatever the handler is, so that the hook's catch and finally see a synchronous
 * throw. Once: a second run would be a second effect. A hook that does not wait for it does not end it: the call holds
 * its slots until the handler has ended.
 */
function toNext(call: Call, next: Run): () => Promise<unknown> {
  let entered = false;
  return () => {
    if (entered) return Promise.reject(new Error("aroundAttempt: next() runs the handler once"));
    entered = true;
    const work = (async () => next(call))();
    call.running = work;
    const ended = (): void => {
      if (call.running === work) call.running = null;
    };
    work.then(ended, ended);
    return work;
  };
}
