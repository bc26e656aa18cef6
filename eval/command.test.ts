import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { parseCommand, USAGE } from "./command.ts";

test("takes the folder of a corpus, and whether JSON is wanted", () => {
  expect(parseCommand(["--corpus", tmpdir()])).toEqual({ corpus: tmpdir(), json: false });
  expect(parseCommand([`--corpus=${tmpdir()}`, "--json"])).toEqual({ corpus: tmpdir(), json: true });
});

test("asks for help with or without a corpus", () => {
  expect(parseCommand(["--help"])).toBeNull();
  expect(USAGE).toMatch(/Examples:\n {2}npm run eval -- --corpus /);
});

test.each([
  [[], "--corpus: received nothing, expected the folder of a corpus"],
  [["--corpus"], "argument missing"],
  [["--corpus", "no/such/folder"], '--corpus: there is no folder "no/such/folder"'],
  [["--corpus", "package.json"], '--corpus: there is no folder "package.json"'],
  [["--corpora", "x"], "there is no option --corpora; expected --corpus, --json, --help. Did you mean --corpus?"],
  [["-j"], "there is no option -j"],
  [["folder"], "Unexpected argument 'folder'"],
])("refuses %j", (args, message) => {
  expect(() => parseCommand(args)).toThrow(message);
});
