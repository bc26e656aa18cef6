// Several calls at once: a fixed number of runners take the next call until none is left, so that a thousand calls of a
// model are never a thousand handlers. Answers keep the order of the calls.
import type { Outcome } from "../call/outcome.ts";
import type { Environment } from "./environment.ts";
import type { Request } from "./call.ts";

/** One outcome per request, in order; at most `concurrency` run at the same time. Never rejects. */
export async function executeAll(
  environment: Environment,
  requests: readonly Request[],
  concurrency: number,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = new Array<Outcome>(requests.length);
  let next = 0;
  const run = async (): Promise<void> => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index];
      if (request !== undefined) outcomes[index] = await environment.execute(request);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, requests.length) }, run));
  return outcomes;
}
