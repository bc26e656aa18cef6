// Holds every operation of a caller until the explorer lets it go on: once before it is applied, and once after it was
// applied and before its answer is seen. Between two of these points a caller only works on what is its own.

/** What a step touches that others touch as well; null: nothing. */
export interface Touch {
  readonly what: "record" | "list" | "world";
  readonly writes: boolean;
}

/** Says that an operation has another step before its answer: between the two, others may come. */
export class Again<T> {
  readonly next: () => T;

  constructor(next: () => T) {
    this.next = next;
  }
}

/** Where a caller stands. */
interface Held {
  readonly name: string;
  readonly touches: Touch | null;
  readonly release: () => void;
  /** The same, but the operation's answer is an error. */
  readonly fail: () => void;
}

/** One process that calls: crashed, it does nothing any more, and its timers do not run; what it held is still there. */
export interface Caller {
  readonly name: string;
  readonly held: Held[];
  /** Whether its operations are held at all. */
  readonly isHeld: boolean;
  /** How many there were. */
  operations: number;
  /** Whether it is a crashed one now. */
  crashed: boolean;
  /** What its timers would have run meanwhile. */
  readonly missed: (() => void)[];
  /** Whether anything has happened to it. */
  hasCrashed: boolean;
  hasLeft: boolean;
  /** How many of its operations failed. */
  failures: number;
  controller: AbortController;
}

/** Creates a caller whose operations are held, unless `isHeld` is false. */
export function createCaller(name: string, isHeld = true): Caller {
  return {
    name,
    held: [],
    isHeld,
    operations: 0,
    crashed: false,
    missed: [],
    hasCrashed: false,
    hasLeft: false,
    failures: 0,
    controller: new AbortController(),
  };
}

/** Makes the caller as it was at first. */
export function resetCaller(caller: Caller): void {
  Object.assign(caller, createCaller(caller.name, caller.isHeld));
}

export interface Operation<T> {
  readonly name: string;
  readonly touches: Touch;
  readonly apply: () => T | Again<T>;
  /** What a caller may touch that sees this answer, before its next operation. @default nothing */
  readonly touchesAfter?: (answer: T) => Touch | null;
}

/** What the operation gives, once the explorer has let it happen and let its answer be seen. */
export function operate<T>(caller: Caller, operation: Operation<T>): Promise<T> | T {
  const { apply, touches, touchesAfter = () => null } = operation;
  if (!caller.isHeld) return applyAll(apply());
  const name = `${caller.name} ${caller.operations++} ${operation.name}`;
  return new Promise((resolve, reject) => {
    // Of the walk it was made in: nothing of it is left in the next one.
    const { held: line } = caller;
    const hold = (what: string, touched: Touch | null, release: () => void): void => {
      const leave = (): void => {
        line.splice(line.indexOf(held), 1);
      };
      const held: Held = {
        name: `${name} ${what}`,
        touches: touched,
        release: () => {
          leave();
          release();
        },
        fail: () => {
          leave();
          reject(Object.assign(new Error(`${operation.name} failed`), { code: "ECONNRESET" }));
        },
      };
      line.push(held);
    };
    const see = (answer: T): void => {
      hold("seen", touchesAfter(answer), () => {
        resolve(answer);
      });
    };
    hold("applied", touches, () => {
      const answer = apply();
      if (!(answer instanceof Again)) {
        see(answer);
        return;
      }
      hold("applied again", touches, () => {
        see(answer.next());
      });
    });
  });
}

function applyAll<T>(answer: T | Again<T>): T {
  return answer instanceof Again ? answer.next() : answer;
}

/** Resolves when everybody has come to a point where they wait: no microtask is left. */
export function untilQuiet(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
