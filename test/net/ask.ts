// Requests of tests: to loopback, which tests permit, in a pool of their own.
import { expect } from "vitest";
import {
  createEgress,
  type Egress,
  EgressError,
  type EgressOptions,
  type EgressRequest,
  type EgressResponse,
} from "../../src/net/index.ts";

export const POOL = { tenant: "default", upstream: "orders", credential: "" } as const;

/** An egress that is closed when its scope ends. */
export function useEgress(options?: EgressOptions): Egress & AsyncDisposable {
  const egress = createEgress(options);
  return Object.assign(Object.create(egress) as Egress, {
    request: (request: EgressRequest) => egress.request(request),
    stats: () => egress.stats(),
    close: () => egress.close(),
    [Symbol.asyncDispose]: () => egress.close(),
  });
}

/** A GET that may go to loopback. */
export function toRequest(url: string, more: Partial<EgressRequest> = {}): EgressRequest {
  return { method: "GET", url, pool: POOL, allowPrivate: ["127.0.0.0/8"], ...more };
}

/** The body of an answer as text. */
export function toText({ body }: EgressResponse): string {
  return new TextDecoder().decode(body);
}

/** The error that `work` must end in. */
export async function failure(work: Promise<unknown>): Promise<EgressError> {
  const error: unknown = await work.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EgressError);
  return error as EgressError;
}
