// `npm run soak`: calls for ten minutes (or so many as are given), and whether memory grows: the slope over the second half.
import autocannon from "autocannon";
import { headersOf, pinSelf, startProcess } from "./server-process.ts";

const minutes = Number(process.argv[2] ?? "10");
if (!(minutes >= 1 && minutes <= 1_440))
  throw new Error(`received ${process.argv[2] ?? ""}, expected minutes from 1 to 1440`);
const MAX_SLOPE = 1;

pinSelf();
using server = await startProcess("toolyard");
const samples: { readonly minute: number; readonly mb: number }[] = [];
const load = autocannon({
  url: `${server.url}${server.path}`,
  ...{
    method: "POST",
    headers: headersOf(server),
    body: '{"id":"o_17"}',
    connections: 16,
    duration: minutes * 60,
    overallRate: 2_000,
  },
});
const started = performance.now();
const timer = setInterval(() => {
  void server.measure().then(({ rssBytes }) => {
    const minute = (performance.now() - started) / 60_000;
    samples.push({ minute, mb: rssBytes / 1e6 });
    if (samples.length % 12 === 0) console.log(`${minute.toFixed(1)} min  ${(rssBytes / 1e6).toFixed(1)} MB`);
  });
}, 5_000);
const result = await load;
clearInterval(timer);
const half = samples.slice(Math.floor(samples.length / 2));
const meanX = half.reduce((sum, { minute }) => sum + minute, 0) / half.length;
const meanY = half.reduce((sum, { mb }) => sum + mb, 0) / half.length;
const slope =
  half.reduce((sum, { minute, mb }) => sum + (minute - meanX) * (mb - meanY), 0) /
  half.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
console.log(
  `${result["2xx"]} calls, ${result.non2xx + result.errors} refused or failed; ${slope.toFixed(3)} MB a minute over the second half, goal: at most ${MAX_SLOPE}`,
);
process.exitCode = slope <= MAX_SLOPE && result.errors === 0 ? 0 : 1;
