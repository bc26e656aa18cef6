// What an evaluation is judged by. A share of nothing holds no target: what was not measured was not met.

export interface Target {
  readonly name: string;
  /** For people, such as `1,160 of 1,160 (100 %)`. */
  readonly measured: string;
  /** For people, such as `≥ 99 %`. */
  readonly target: string;
  readonly holds: boolean;
}

/** At least the share `atLeast` (0 to 1) of `whole`. */
export function toShareTarget(name: string, part: number, whole: number, atLeast: number): Target {
  return {
    name,
    measured: `${formatCount(part)} of ${formatCount(whole)}${whole === 0 ? "" : ` (${formatShare(part, whole)})`}`,
    target: atLeast === 1 ? "100 %" : `≥ ${Number((atLeast * 100).toFixed(4))} %`,
    holds: whole > 0 && part / whole >= atLeast,
  };
}

/** None at all. */
export function toNoneTarget(name: string, count: number): Target {
  return { name, measured: formatCount(count), target: "0", holds: count === 0 };
}

export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** Never rounded up: 100 % says that nothing is missing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "–";
  return `${Math.floor((part / whole) * 10_000) / 100} %`;
}
