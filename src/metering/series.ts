// The history of one row: a tool version, a piece of work, a custom metric.
import { Cell } from "./cell.ts";
import { compact, type Grain } from "./compact.ts";
import type { MemoryAccount } from "./samples.ts";

export class Series {
  readonly name: string;
  readonly version: string | null;
  /** In order of time; the last may be the current minute. */
  readonly cells: Cell[] = [];
  /** Set when the row was dropped from its table: whoever still holds it has to ask the table again. */
  dropped = false;
  #current: Cell | null = null;
  #tidiedAt = 0;
  readonly #account: MemoryAccount;

  constructor(name: string, version: string | null, account: MemoryAccount) {
    this.name = name;
    this.version = version;
    this.#account = account;
  }

  /** The last minute with anything in it; -1 when there is none. */
  get lastMinute(): number {
    return (this.cells.at(-1)?.end ?? 0) - 1;
  }

  /** The cell of `minute` when it is open already. */
  at(minute: number): Cell | null {
    const current = this.#current;
    return current !== null && current.start === minute ? current : null;
  }

  /** Opens the cell of `minute`. */
  open(minute: number): void {
    const cell = new Cell(minute, this.#account);
    this.cells.push(cell);
    this.#current = cell;
  }

  /** Drops and merges what has become old. The cell of `minute` itself stays. */
  tidy(minute: number, retention: number, grain: Grain): void {
    this.#tidiedAt = minute;
    compact(this.cells, minute, retention, grain);
  }

  /** The same, unless it was done in the last quarter of an hour: looking at every cell is slow beside a call. */
  tidyNowAndThen(minute: number, retention: number, grain: Grain): void {
    if (minute - this.#tidiedAt >= 15) this.tidy(minute, retention, grain);
  }

  /** Takes the cells of `other`, which is left empty. */
  absorb(other: Series, minute: number, retention: number, grain: Grain): void {
    this.cells.push(...other.cells.splice(0));
    other.#current = null;
    this.cells.sort((a, b) => a.start - b.start);
    this.#current = null;
    compact(this.cells, minute, retention, grain);
    const last = this.cells.at(-1);
    if (last !== undefined && last.start === minute) this.#current = last;
  }

  /** Forgets everything. */
  clear(): void {
    for (const cell of this.cells) cell.release();
    this.cells.length = 0;
    this.#current = null;
  }
}
