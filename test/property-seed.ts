// Property tests draw the same cases at every run, so that a red run is a change's fault and can be repeated. Other cases:
// `TOOLYARD_SEED=random npm test`, or the seed that a failure printed.
import fc from "fast-check";

const DEFAULT_SEED = 20_261_124;
const wanted = process.env["TOOLYARD_SEED"];

if (wanted !== "random") {
  const seed = wanted === undefined ? DEFAULT_SEED : Number(wanted);
  if (!Number.isInteger(seed)) {
    throw new TypeError(`TOOLYARD_SEED: received ${JSON.stringify(wanted)}, expected an integer or "random"`);
  }
  fc.configureGlobal({ seed });
}
