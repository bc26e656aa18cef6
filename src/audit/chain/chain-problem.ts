// What is wrong with the chains: where, what was expected there and what was found.

/**
 * `changed`: the hash is not that of the record. `unlinked`: it names another record before it than the one that is there.
 * `missing`: records are gone between others, or from the beginning without a checkpoint. `repeated`: a number twice, or out
 * of order. `foreign`: a record of another chain. `unopened`: a first record that opens no chain. `reopened`: a record behind
 * the one that closed the chain. `unreadable`: a body that is no JSON object. `index`: it would be found by what it does not
 * say. `truncated`: something names a record behind the last one. `replaced`: something names another record of this number.
 * `head`: the list of chains says otherwise than the records. `key`: the hashes are not those of the key that was given, or
 * a key is needed. `unkeyed`: hashes that anybody can compute, and no keyed record vouches for them.
 */
export type ChainProblemKind =
  | "changed"
  | "unlinked"
  | "missing"
  | "repeated"
  | "foreign"
  | "unopened"
  | "reopened"
  | "unreadable"
  | "index"
  | "truncated"
  | "replaced"
  | "head"
  | "key"
  | "unkeyed";

export interface ChainProblem {
  readonly kind: ChainProblemKind;
  /** The chain. */
  readonly writer: string;
  /** The record; null when it is about the chain. */
  readonly seq: number | null;
  readonly expected: string;
  readonly received: string;
}

/** The first problems, and how many there are. */
export interface ProblemList {
  readonly problems: readonly ChainProblem[];
  readonly count: number;
  add(problem: ChainProblem): void;
}

/** Creates a list that keeps the first `limit` problems and counts all of them. */
export function createProblemList(limit: number): ProblemList {
  const problems: ChainProblem[] = [];
  let count = 0;
  return {
    problems,
    get count() {
      return count;
    },
    add(problem) {
      count++;
      if (problems.length < limit) problems.push(problem);
    },
  };
}
