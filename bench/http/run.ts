// `npm run bench:http`: what the server costs beside bare Fastify, and how it holds under more load than it can take. Ratios of one run,
// rounds of both in turn, medians.
import autocannon from "autocannon";
import { at, runOpenLoop } from "./open-loop.ts";
import { headersOf, pinSelf, type ServerProcess, startProcess } from "./server-process.ts";

const ROUNDS = 5;
const SECONDS = 4;
const CONNECTIONS = 64;
const BODY = JSON.stringify({ id: "o_17", count: 3, tags: ["a", "b"] });

interface Round {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p50: number;
  readonly p99: number;
}

async function round(server: ServerProcess): Promise<Round> {
  await server.measure();
  const result = await autocannon({
    url: `${server.url}${server.path}`,
    ...{ method: "POST", headers: headersOf(server), body: BODY, connections: CONNECTIONS, duration: SECONDS },
  });
  const { cpuMicros } = await server.measure();
  const answered = result["2xx"];
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return {
    perSecond: answered / result.duration,
    cpuMicros: cpuMicros / answered,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

const median = (rounds: readonly Round[], key: keyof Round): number =>
  at(
    rounds.map((one) => one[key]),
    0.5,
  );
const show = (value: number, digits = 2): string => value.toFixed(digits);

async function compare(): Promise<void> {
  using bare = await startProcess("bare");
  using full = await startProcess("toolyard");
  for (const server of [bare, full]) await round(server);
  const rounds: { readonly bare: Round; readonly full: Round }[] = [];
  for (let index = 0; index < ROUNDS; index++) rounds.push({ bare: await round(bare), full: await round(full) });
  const ofBare = rounds.map((one) => one.bare);
  const ofFull = rounds.map((one) => one.full);
  for (const [name, all] of [
    ["bare Fastify", ofBare],
    ["Toolyard", ofFull],
  ] as const)
    console.log(
      `${name.padEnd(14)} ${show(median(all, "perSecond"), 0).padStart(8)} calls/s  ${show(median(all, "cpuMicros"), 1).padStart(7)} us of CPU a call  p50 ${show(median(all, "p50"), 0)} ms  p99 ${show(median(all, "p99"), 0)} ms`,
    );
  const ratios = rounds.map((one) => one.full.perSecond / one.bare.perSecond).toSorted((a, b) => a - b);
  const costs = rounds.map((one) => one.full.cpuMicros / one.bare.cpuMicros).toSorted((a, b) => a - b);
  console.log(
    `throughput, times bare: ${show(at(ratios, 0.5))} [${show(ratios[0] ?? 0)} - ${show(ratios.at(-1) ?? 0)}]  goal: at least 0.5`,
  );
  console.log(
    `CPU a call, times bare: ${show(at(costs, 0.5))} [${show(costs[0] ?? 0)} - ${show(costs.at(-1) ?? 0)}]  goal: at most 2.2`,
  );
}

async function overload(): Promise<void> {
  using server = await startProcess("burn");
  const target = { url: `${server.url}${server.path}`, headers: headersOf(server), body: BODY };
  await runOpenLoop({ ...target, perSecond: 200, seconds: 3 });
  const light = await runOpenLoop({ ...target, perSecond: 200, seconds: 4 });
  const closed = await autocannon({ ...target, method: "POST", connections: 8, duration: 4 });
  const capacity = closed["2xx"] / closed.duration;
  const probe = startProbe(server.url);
  const heavy = await runOpenLoop({ ...target, perSecond: capacity * 3, seconds: 8 });
  const health = await probe();
  const { rssBytes } = await server.measure();
  const goodput = heavy.accepted / heavy.seconds / capacity;
  console.log(
    `\noverload: a handler that burns 1 ms, offered 3 times the capacity of ${show(capacity, 0)} calls/s (open loop)`,
  );
  console.log(
    `goodput, of the capacity: ${show(goodput)}  goal: at least 0.90  (${heavy.accepted} answered, ${heavy.shed} turned away, ${heavy.failed} failed)`,
  );
  console.log(
    `accepted p99 ${show(heavy.acceptedP99, 0)} ms, without overload ${show(light.acceptedP99, 0)} ms; turned away p99 ${show(heavy.shedP99, 0)} ms, Retry-After on each: ${heavy.retryAfter}`,
  );
  console.log(
    `/healthz meanwhile: ${health.answered} of ${health.asked} answered, p99 ${show(health.p99, 0)} ms; memory ${show(rssBytes / 1e6, 0)} MB`,
  );
}

function startProbe(
  url: string,
): () => Promise<{ readonly asked: number; readonly answered: number; readonly p99: number }> {
  const times: number[] = [];
  let asked = 0;
  let going = true;
  const probing = (async () => {
    while (going) {
      asked++;
      const started = performance.now();
      const answer = await fetch(`${url}/healthz`).catch(() => null);
      await answer?.text();
      if (answer?.status === 200) times.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    going = false;
    await probing;
    return { asked, answered: times.length, p99: at(times, 0.99) };
  };
}

console.log(
  `Node ${process.version}; ${pinSelf() ? "servers on one core, load on another" : "nothing pinned"}; ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s\n`,
);
await compare();
await overload();
