// Versions parsed once, because a range is tested against every version of its tool. The `semver` package does the work; its types stay
// here, so that whoever compiles against Toolyard does not need them.
import semver from "semver";

/** A version as `semver` has parsed it. */
export interface ParsedVersion {
  readonly version: string;
  readonly prerelease: readonly (string | number)[];
}

/** Parses a semantic version. Throws a TypeError for any other text. */
export function parseVersion(version: string): ParsedVersion {
  return new semver.SemVer(version);
}

/** Below 0 when `one` is lower, above when it is higher. */
export function compareParsed(one: ParsedVersion, other: ParsedVersion): number {
  return semver.compare(one as semver.SemVer, other as semver.SemVer);
}

/** Whether a version is in `range`. */
export function toRangeTest(range: string): (version: ParsedVersion) => boolean {
  const parsed = new semver.Range(range);
  return (version) => parsed.test(version as semver.SemVer);
}
