// A promise to everyone who switches over a code: literal copies of the tables. A change here is a change of the public
// surface and belongs into the changelog.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ERROR_CODES, FAULT_CODES } from "../../src/errors/codes.ts";

const PINNED_CODES = {
  STOPPED: [503, false, "operator", "An operator has stopped such calls."],
  INVALID_REF: [400, false, "model", "The tool reference cannot be read."],
  UNKNOWN_TOOL: [404, false, "model", "There is no such tool for this principal."],
  VERSION_NOT_FOUND: [404, false, "model", "No version of the tool is in the range asked for."],
  VERSION_RETIRED: [410, false, "model", "The version asked for is retired."],
  CONTRACT_CHANGED: [409, false, "caller", "The tool is not the one the caller was shown."],
  UNAUTHENTICATED: [401, false, "caller", "The call has no valid principal."],
  FORBIDDEN: [403, false, "caller", "The principal may not make this call."],
  IDEMPOTENCY_CONFLICT: [422, false, "caller", "The idempotency key was used for other arguments."],
  IDEMPOTENCY_IN_FLIGHT: [409, true, "caller", "A call with the same idempotency key is still running."],
  IDEMPOTENCY_UNAVAILABLE: [503, true, "operator", "Idempotency keys cannot be kept or read."],
  OUTPUT_LOST: [502, false, "caller", "The effect has happened, but its output is not known."],
  INVALID_JSON: [400, false, "model", "The arguments are not JSON that can be accepted."],
  INVALID_INPUT: [422, false, "model", "The arguments do not fit the tool's input schema."],
  QUOTA_EXCEEDED: [429, true, "caller", "A quota is used up."],
  COST_INVALID: [500, false, "operator", "The tool's cost function gave no usable cost."],
  APPROVAL_DENIED: [403, false, "caller", "The call was not approved."],
  APPROVAL_PENDING: [202, false, "caller", "The call waits to be approved."],
  OVERLOADED: [503, true, "caller", "Too many calls are running."],
  AUDIT_UNAVAILABLE: [503, true, "operator", "The audit trail cannot be written; nothing was done."],
  BREAKER_OPEN: [503, true, "caller", "The tool failed too often and is left alone for a while."],
  TIMEOUT: [504, true, "caller", "The call did not finish within its deadline."],
  CANCELLED: [499, true, "caller", "The caller cancelled the call."],
  TOOL_ERROR: [422, false, "model", "The tool refused the call on purpose."],
  TOOL_FAILED: [502, false, "operator", "The tool failed."],
  OUTCOME_UNKNOWN: [504, false, "operator", "Whether the effect happened is not known."],
  DEPTH_EXCEEDED: [508, false, "operator", "Tools call one another too deep."],
  INVALID_OUTPUT: [502, false, "operator", "The tool's output does not fit its output schema."],
  HOOK_REFUSED: [403, false, "caller", "A hook refused the call."],
  HOOK_FAILED: [500, false, "operator", "A hook failed."],
  CLOSED: [503, false, "caller", "The registry is closed."],
  INTERNAL: [500, false, "operator", "The registry failed."],
};

const PINNED_FAULTS = {
  INVALID_DEFINITION: "A tool definition cannot be registered.",
  INVALID_OPTION: "An option has a value that is not accepted.",
  INVALID_CONFIG: "A configuration file cannot be used.",
  ALREADY_PUBLISHED: "The version is published with other content.",
  NOT_PUBLISHED: "The tool or version is not published.",
  UNKNOWN_ROLE: "A role is not declared.",
  UNKNOWN_LIMIT: "There is no limit of that name.",
  UNKNOWN_OUTCOME: "There is no unknown outcome of that id.",
  CONVERSION_REFUSED: "A tool cannot be expressed in the format asked for.",
  MODEL_FAILED: "The model's API failed.",
  AUDIT_FAILED: "The audit trail cannot be written or read.",
  STORE_UNUSABLE: "A database cannot be used as it is.",
  STORE_FAILED: "A database did not do what it was asked.",
  CONTRACT_BROKEN: "A definition breaks the contract of the version it claims to be, or of the one before it.",
  REVISION_CONFLICT: "Somebody else has changed it meanwhile.",
  STATE_CONFLICT: "The act does not fit the state that something is in.",
  SECRET_UNUSABLE: "A secret cannot be found, read or decrypted.",
  UNKNOWN_KEY: "There is no API key of that id.",
  KEY_ENDED: "The API key was revoked, has expired, or has a successor already.",
  CLOSED: "It has been closed.",
};

describe("the error table", () => {
  test("has the codes it promises, each with its status, whether it is retryable, its audience and its message", () => {
    const rows = Object.entries(ERROR_CODES).map(([code, { status, retryable, audience, message }]) => [
      code,
      [status, retryable, audience, message],
    ]);
    expect(Object.fromEntries(rows)).toEqual(PINNED_CODES);
  });

  test("has the fault codes it promises", () => {
    expect(FAULT_CODES).toEqual(PINNED_FAULTS);
  });

  test("cannot be changed at run time", () => {
    expect(Object.isFrozen(ERROR_CODES)).toBe(true);
    expect(Object.isFrozen(FAULT_CODES)).toBe(true);
    expect(Object.values(ERROR_CODES).every(Object.isFrozen)).toBe(true);
  });
});

describe("docs/reference/errors.md", async () => {
  const text = await readFile(new URL("../../docs/reference/errors.md", import.meta.url), "utf8");
  const [outcomes = "", faults = ""] = text.split("\n## Faults\n");

  test("documents every code as the table has it, and no other", () => {
    const expected = Object.entries(ERROR_CODES).map(([code, { status, retryable, audience, message }]) => [
      code,
      `\`${status}\` · ${retryable ? "retryable" : "not retryable"} · ${audience}`,
      message,
    ]);
    expect(toSections(outcomes).map(({ code, paragraphs }) => [code, ...paragraphs.slice(0, 2)])).toEqual(expected);
  });

  test("documents every fault with its message, and no other", () => {
    // A code that an outcome has too needs another anchor.
    const documented = toSections(faults).map(({ code, paragraphs }) => [code.replace(" (fault)", ""), paragraphs[0]]);
    expect(documented).toEqual(Object.entries(FAULT_CODES));
  });

  test.each(toSections(text))("says what to do about $code", ({ paragraphs }) => {
    expect(paragraphs.at(-1)).toMatch(/^What to do: \S.{20,}/s);
  });

  test("has an anchor of its own for every section, the code in lower case", () => {
    const anchors = toSections(text).map(({ code }) => code.toLowerCase());
    expect(new Set(anchors).size).toBe(anchors.length);
  });

  test("links only to sections that it has", () => {
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-"));
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(0);
    expect(anchors).toEqual(expect.arrayContaining(links));
  });
});

interface Section {
  readonly code: string;
  readonly paragraphs: readonly string[];
}

/** The third-level sections of a Markdown text. */
function toSections(markdown: string): readonly Section[] {
  return markdown
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [code = "", ...paragraphs] = section
        .split(/^## /m, 1)
        .join("")
        .trim()
        .split(/\n{2,}/);
      return { code, paragraphs };
    });
}
