import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCommand } from "../../bench/command.ts";
import { withTable } from "../../bench/documentation.ts";
import { toExitCode, toFigure, toRow, type Figure, type FigureParts } from "../../bench/figures.ts";
import {
  awaited,
  direct,
  findTimed,
  measure,
  timeRounds,
  toMeasured,
  toSpread,
  type Contender,
  type Measured,
} from "../../bench/harness.ts";
import { runSession } from "../../bench/session.ts";

/** Contenders that take no time but say how much passes on a clock moved by hand. */
function createRace(): {
  now: () => number;
  takes: (name: string, msOfTurn: (turn: number) => number) => Contender;
  log: string[];
} {
  let at = 0;
  const log: string[] = [];
  return {
    now: () => at,
    log,
    takes: (name, msOfTurn) => {
      // Turn -1 is the calibration.
      let turn = -1;
      return {
        name,
        run(count) {
          at += msOfTurn(turn++) * count;
          log.push(name);
        },
      };
    },
  };
}

const measuredOf = (ns: number, ratio = 1): Measured => ({
  name: "a",
  ns: { median: ns, min: ns, max: ns },
  ratio: { median: ratio, min: ratio, max: ratio },
});
const figureOf = (ns: number, ratio: number, parts: Partial<FigureParts>): Figure =>
  toFigure(measuredOf(ns, ratio), { unit: "µs", ...parts });

describe("measure", () => {
  test("reverses the order of the contenders in every second round", async () => {
    const { now, takes, log } = createRace();
    await measure([takes("a", () => 1), takes("b", () => 1)], { rounds: 4, turnMs: 1, now });
    expect(log).toEqual(["a", "b", "a", "b", "b", "a", "a", "b", "b", "a"]);
  });

  test("gives the median, least and greatest of the rounds in nanoseconds for one time", async () => {
    const { now, takes } = createRace();
    const rounds = [3, 1, 2];
    const [measured] = await measure([takes("a", (turn) => rounds[turn] ?? 1)], { rounds: 3, turnMs: 1, now });
    expect(measured?.ns).toEqual({ median: 2e6, min: 1e6, max: 3e6 });
  });

  test("takes ratios round by round, so that a machine that slows down for all changes none", async () => {
    const { now, takes } = createRace();
    const slow = [1, 10, 100];
    const [base, other] = await measure(
      [takes("base", (turn) => slow[turn] ?? 1), takes("other", (turn) => 3 * (slow[turn] ?? 1))],
      { rounds: 3, turnMs: 1, now },
    );
    expect(base?.ratio).toEqual({ median: 1, min: 1, max: 1 });
    expect(other?.ratio).toEqual({ median: 3, min: 3, max: 3 });
  });

  test("compares with the base that is named", async () => {
    const { now, takes } = createRace();
    const measured = await measure([takes("a", () => 1), takes("b", () => 4)], {
      rounds: 1,
      turnMs: 1,
      base: "b",
      now,
    });
    expect(measured.map(({ ratio }) => ratio.median)).toEqual([0.25, 1]);
  });

  test("compares the same rounds with more than one base", async () => {
    const { now, takes } = createRace();
    const timed = await timeRounds([takes("a", () => 1), takes("b", () => 2), takes("c", () => 4)], {
      rounds: 3,
      turnMs: 1,
      now,
    });
    const c = findTimed(timed, "c");
    expect(c.ns).toEqual([4e6, 4e6, 4e6]);
    expect(toMeasured(c, findTimed(timed, "a")).ratio.median).toBe(4);
    expect(toMeasured(c, findTimed(timed, "b")).ratio.median).toBe(2);
  });

  test("refuses a base that is no contender", async () => {
    const { now, takes } = createRace();
    const measuring = measure([takes("a", () => 1)], { rounds: 1, turnMs: 1, base: "c", now });
    await expect(measuring).rejects.toThrow('no contender "c"');
  });

  test("sizes a turn to the time it may take, and leaves preparation out of it", async () => {
    let at = 0;
    const counts: number[] = [];
    const prepared: number[] = [];
    const contender: Contender = {
      name: "a",
      prepare: (count) => {
        prepared.push(count);
        at += 1_000;
      },
      run: (count) => {
        counts.push(count);
        at += count * 0.5;
      },
    };
    const [measured] = await measure([contender], { rounds: 2, turnMs: 100, now: () => at });
    expect(counts.slice(-2)).toEqual([200, 200]);
    expect(prepared).toEqual(counts);
    expect(measured?.ns.median).toBe(0.5e6);
  });

  test("runs work as often as it is asked, awaited or direct", async () => {
    const calls: string[] = [];
    await awaited("a", async () => calls.push("awaited")).run(2);
    await direct("b", (index) => calls.push(`direct ${index}`)).run(2);
    expect(calls).toEqual(["awaited", "awaited", "direct 0", "direct 1"]);
  });
});

test("the median of an even number of values is the mean of the middle two", () => {
  expect(toSpread([10, 1, 4, 2])).toEqual({ median: 3, min: 1, max: 10 });
});

describe("figures", () => {
  test("a row has exactly the documented fields", () => {
    expect(toRow(figureOf(2_000, 3, { base: "b", goal: { of: "ratio", atMost: 3.5 }, note: "n" }))).toStrictEqual({
      name: "a",
      value: 2,
      unit: "µs",
      base: "b",
      ratio: 3,
      goal: "ratio <= 3.5",
      holds: true,
    });
  });

  test("a figure without base and goal says null to all of them", () => {
    expect(toRow(figureOf(2_000, 3, {}))).toStrictEqual({
      name: "a",
      value: 2,
      unit: "µs",
      base: null,
      ratio: null,
      goal: null,
      holds: null,
    });
  });

  test.each([
    ["a ratio at its goal holds", figureOf(1, 3.5, { base: "b", goal: { of: "ratio", atMost: 3.5 } }), true],
    ["a ratio above its goal does not", figureOf(1, 3.6, { base: "b", goal: { of: "ratio", atMost: 3.5 } }), false],
    ["a value at its goal holds", figureOf(60_000, 9, { goal: { of: "value", atMost: 60 } }), true],
    ["a value above its goal does not", figureOf(60_100, 1, { goal: { of: "value", atMost: 60 } }), false],
    ["what could not be measured does not", figureOf(Number.NaN, 1, { goal: { of: "value", atMost: 60 } }), false],
  ])("%s", (_, figure, holds) => {
    expect(toRow(figure).holds).toBe(holds);
    expect(toExitCode([figure])).toBe(holds ? 0 : 1);
  });

  test("a figure without a goal never decides the exit code", () => {
    expect(toExitCode([figureOf(1e12, 1e12, { base: "b" })])).toBe(0);
  });

  test("divides by what one time does", () => {
    expect(toRow(toFigure(measuredOf(500_000), { unit: "µs", per: 500 })).value).toBe(1);
  });
});

describe("a session", () => {
  const good = figureOf(2_000, 3, { base: "b", goal: { of: "ratio", atMost: 3.5 } });
  const bad = figureOf(2_000, 4, { base: "b", goal: { of: "ratio", atMost: 3.5 } });

  async function run(args: readonly string[], answers: Readonly<Record<string, readonly Figure[] | string>>) {
    const command = parseCommand(args);
    if (command === null) throw new Error("no command");
    const printed: string[] = [];
    const told: string[] = [];
    const kept: string[] = [];
    const code = await runSession(command, {
      runPart: async (name) => {
        const answer = answers[name] ?? [];
        if (typeof answer === "string") throw new Error(answer);
        return answer;
      },
      toHint: (name) => (name === "peers" ? "peers: not installed" : null),
      conditions: "Node 0",
      print: (line) => printed.push(line),
      tell: (line) => told.push(line),
      keep: (table) => kept.push(table),
    });
    return { code, printed, told, kept };
  }

  test("prints one array and nothing else with --json", async () => {
    const { code, printed } = await run(["--json"], { calls: [good], memory: [bad] });
    expect(printed).toHaveLength(1);
    const rows = JSON.parse(printed[0] ?? "") as readonly object[];
    expect(rows).toHaveLength(2);
    for (const row of rows)
      expect(Object.keys(row)).toEqual(["name", "value", "unit", "base", "ratio", "goal", "holds"]);
    expect(code).toBe(1);
  });

  test("ends with 0 when every goal holds", async () => {
    expect((await run(["--json"], { calls: [good] })).code).toBe(0);
  });

  test("prints conditions, values, ratios and which goals hold as a table", async () => {
    const { printed } = await run(["--only", "calls"], { calls: [good, bad] });
    const text = printed.join("\n");
    expect(text).toContain("Node 0");
    expect(text).toContain("One call (× b)");
    expect(text).toMatch(/a +2 µs \[2 – 2\] +3 \(3 – 3\) +≤ 3.5 × ✓/);
    expect(text).toMatch(/a +2 µs \[2 – 2\] +4 \(4 – 4\) +≤ 3.5 × ✗/);
  });

  test("ends with 1 when a part cannot be measured, and measures the others", async () => {
    const { code, printed, told } = await run(["--json", "--only", "calls,memory"], {
      calls: "broken",
      memory: [good],
    });
    expect(code).toBe(1);
    expect(told).toContain("calls: broken");
    expect(JSON.parse(printed[0] ?? "")).toHaveLength(1);
  });

  test("keeps the table for the documentation when asked, whatever is printed", async () => {
    const { kept } = await run(["--json", "--write", "--only", "calls"], { calls: [good] });
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^Node 0\n\nOne call/);
    expect((await run(["--only", "calls"], { calls: [good] })).kept).toEqual([]);
  });

  test("puts a table in the place of the one before", () => {
    const page = readFileSync(new URL("../../docs/performance.md", import.meta.url), "utf8");
    const once = withTable(page, "first");
    expect(once).toContain("```text\nfirst\n```");
    expect(withTable(withTable(page, "second"), "first")).toBe(once);
    expect(() => withTable("# A page", "first")).toThrow("no place for a table");
  });

  test("says how to install what is missing, without failing for it", async () => {
    const { code, printed, told } = await run(["--json", "--only", "peers"], { peers: "never asked" });
    expect(code).toBe(0);
    expect(told).toEqual(["peers: not installed"]);
    expect(printed).toEqual(["[]"]);
  });
});

describe("the command line", () => {
  test("runs the parts asked for in their own order", () => {
    expect(parseCommand(["--only", "memory,calls", "--only", "lookup"])?.parts).toEqual(["calls", "lookup", "memory"]);
  });

  test("refuses a part that does not exist and names the nearest", () => {
    expect(() => parseCommand(["--only", "memori"])).toThrow(
      /received "memori", expected one of calls, .*Did you mean memory\?/,
    );
  });

  test("refuses a corpus that is not there", () => {
    expect(() => parseCommand(["--corpus", "no/such/folder"])).toThrow("no folder no/such/folder");
  });

  test("measures fewer and shorter rounds with --quick", () => {
    const full = parseCommand([])?.settings;
    const quick = parseCommand(["--quick"])?.settings;
    expect(full?.rounds).toBeGreaterThanOrEqual(7);
    expect(quick?.rounds).toBeLessThan(full?.rounds ?? 0);
  });
});
