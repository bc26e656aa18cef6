// Whether a version number says as much as has changed. Semantic Versioning 2.0.0, sections 4, 9 and 11.
import semver from "semver";
import { type Bump, toLargest } from "./contract-change.ts";
import type { ContractDiff } from "./diff-contracts.ts";

export type BumpCheck =
  | {
      readonly ok: true;
      /** The step that the changes demand of this version. */
      readonly required: Bump;
      /** The lowest version that is high enough; the version itself when nothing has changed. */
      readonly smallest: string;
    }
  | {
      readonly ok: false;
      readonly required: Bump;
      readonly smallest: string;
      /** What was received, what is the smallest that is accepted, and why. */
      readonly message: string;
    };

/**
 * Whether the step from version `from` to version `to`, both exact, is large enough for what `diff` found between them.
 *
 * From 1.0.0 on, breaking changes demand a major version, widening and instruction changes a minor one, cosmetic changes a
 * patch. Below 1.0.0 breaking changes demand a minor version and widening ones a patch, which is what `^0.2.1` and `~0.2.1`
 * count on; instruction changes demand a minor version there too, because no range takes it without being asked. A
 * prerelease counts as the version that it precedes, and promises nothing itself: whatever follows it, is enough.
 */
export function checkBump(from: string, to: string, diff: ContractDiff): BumpCheck {
  const [base, next] = [semver.parse(from), semver.parse(to)];
  if (base === null || next === null) {
    const received = JSON.stringify((base === null ? from : to).slice(0, 64));
    const message = `received ${received}, expected an exact semantic version such as "1.2.0"`;
    return { ok: false, required: diff.bump, smallest: from, message };
  }
  const required = toRequired(base, diff);
  const smallest = toSmallest(base, required);
  if (required === "none" && semver.gte(next, base)) return { ok: true, required, smallest };
  if (semver.gt(next, base) && semver.gte(toRelease(next), toRelease(new semver.SemVer(smallest))))
    return { ok: true, required, smallest };
  return { ok: false, required, smallest, message: explain(base, next, { required, smallest }, diff) };
}

function toRequired(base: semver.SemVer, { changes, bump }: ContractDiff): Bump {
  if (base.prerelease.length > 0) return bump === "none" ? "none" : "patch";
  if (base.major > 0) return bump;
  const steps = changes.map((change): Bump => {
    if (change.class === "breaking" || change.class === "instruction") return "minor";
    return "patch";
  });
  return toLargest(steps);
}

function toSmallest(base: semver.SemVer, required: Bump): string {
  if (required === "none") return base.version;
  // The next prerelease of a prerelease, and its release, are both enough; the first is the lower one.
  if (base.prerelease.length > 0) return new semver.SemVer(base.version).inc("prerelease").version;
  return new semver.SemVer(base.version).inc(required).version;
}

/** The version without what makes it a prerelease. */
function toRelease(version: semver.SemVer): string {
  return `${version.major}.${version.minor}.${version.patch}`;
}

function explain(
  base: semver.SemVer,
  next: semver.SemVer,
  { required, smallest }: { readonly required: Bump; readonly smallest: string },
  diff: ContractDiff,
): string {
  if (required === "none") return `${next.version} is lower than ${base.version}, and nothing has changed`;
  const gravest = diff.changes.find((change) => change.bump === diff.bump);
  const count = diff.changes.filter((change) => change.class === gravest?.class).length;
  const what = `${count} ${gravest?.class ?? ""} change${count === 1 ? "" : "s"}`;
  const received = semver.eq(next, base) ? `${next.version} is the same version` : `${next.version} is too low`;
  return `${received} for ${what} since ${base.version}; the smallest that is accepted is ${smallest}`;
}
