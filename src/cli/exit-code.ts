// What the process answers to the shell. Scripts rely on these; `docs/reference/cli.md` lists them.

export const EXIT: { readonly ok: 0; readonly refused: 1; readonly usage: 2; readonly interrupted: 130 } =
  Object.freeze({
    ok: 0,
    refused: 1,
    usage: 2,
    interrupted: 130,
  });

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, for the help and the documentation. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = Object.freeze({
  0: "done",
  1: "a call was refused or failed, or a check did not hold",
  2: "wrong usage or configuration",
  130: "interrupted",
});
