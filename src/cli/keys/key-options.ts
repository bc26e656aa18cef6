// What the commands about API keys have in common.
import { InvalidArgumentError, Option } from "commander";
import { type KeyDescription, parseKey } from "../../keys/index.ts";
import { parseDuration } from "../duration-option.ts";
import { type Cell, type Output, toSafeLine } from "../output/index.ts";
import type { Session, VerbOptions } from "../verb.ts";
import type { CreatedKey } from "../../keys/index.ts";

/** `--expires`, in milliseconds. */
export function createExpiresOption(description: string): Option {
  return new Option("--expires <duration>", description).argParser((text) =>
    text === "never" ? NEVER : parseWholeMs(text),
  );
}

// The parser of the command line takes null for no value at all.
const NEVER = Number.POSITIVE_INFINITY;

/** What `--expires` says, as `lifetimeMs`; nothing when it was not given. */
export function toLifetime({ expires }: VerbOptions): { readonly lifetimeMs?: number | null } {
  return expires === undefined ? {} : { lifetimeMs: expires === NEVER ? null : (expires as number) };
}

/** `--overlap`, in milliseconds; 0 for `none`. */
export function createOverlapOption(): Option {
  return new Option(
    "--overlap <duration>",
    "how long the old key goes on working: 15m, 24h, 7d, or none; without it, 24h",
  ).argParser((text) => (text === "none" ? 0 : parseWholeMs(text)));
}

function parseWholeMs(text: string): number {
  return Math.round(parseDuration(text));
}

/** A list of names with commas between them. */
export function parseNames(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new InvalidArgumentError("Expected names with commas between them, such as USER,AUDITOR.");
}

/** The id that a person gave, who may have pasted the whole key. */
export function toKeyId(given: string): string {
  return parseKey(given)?.id ?? given;
}

/** Prints a key that was just made: alone on the standard output, so that it can be piped. */
export function printCreated({ output, io }: Session, { key, description }: CreatedKey): void {
  if (output.json) {
    output.data({ key: key.reveal(), ...toKeyData(description) });
    return;
  }
  io.stdout.write(`${key.reveal()}\n`);
  const { id, tenant, principal, expiresAt } = description;
  const until = expiresAt === null ? "does not expire" : `expires ${toTime(expiresAt)}`;
  output.note(toSafeLine(`key ${id} of ${principal} (tenant ${tenant}), ${until}. It is shown this once.`));
}

/** Prints a page of keys; `next` is where there may be more. */
export function printKeys({ output }: Session, keys: readonly KeyDescription[], next: string | null): void {
  if (output.json) {
    output.data({ keys: keys.map(toKeyData), next });
    return;
  }
  if (keys.length === 0) output.line("No API keys.");
  else
    output.table(
      [
        { title: "id" },
        { title: "name" },
        { title: "principal" },
        { title: "roles, scopes", overflow: "wrap" },
        { title: "last used" },
        { title: "ends", overflow: "wrap" },
      ],
      keys.map((key) => toKeyRow(key, output)),
    );
  if (next !== null) output.line(output.colors.dim(`There may be more: --after ${toSafeLine(next)}`));
}

/** Says that a key is revoked; `revoked` is false when it was before. */
export function printRevoked({ output }: Session, id: string, revoked: boolean): void {
  if (output.json) output.data({ id, revoked });
  else output.line(toSafeLine(revoked ? `The API key ${id} is revoked.` : `The API key ${id} was revoked before.`));
}

/** A key as data: times as ISO 8601. */
function toKeyData(key: KeyDescription): object {
  const { createdAt, expiresAt, revokedAt, lastUsedAt, ...rest } = key;
  const times = { createdAt, expiresAt, revokedAt, lastUsedAt };
  const texts = Object.entries(times).map(([name, time]) => [name, time === null ? null : toTime(time)]);
  return { ...rest, ...(Object.fromEntries(texts) as object) };
}

/** A key as a row of a table. */
function toKeyRow(key: KeyDescription, { colors }: Output): readonly Cell[] {
  const { id, name, tenant, principal, roles, scopes, lastUsedAt, status } = key;
  const paint = status === "active" ? colors.green : status === "rotated" ? colors.yellow : colors.dim;
  return [
    { text: id, paint: colors.cyan },
    name,
    `${tenant}/${principal}`,
    [roles === null ? "(the principal's)" : roles.join(" "), ...scopes].join(" "),
    lastUsedAt === null ? "never" : toDay(lastUsedAt),
    { text: toEnd(key), paint },
  ];
}

/** Until when it works, or why it does not. */
function toEnd({ status, expiresAt }: KeyDescription): string {
  if (status === "revoked" || status === "expired") return status;
  const until = expiresAt === null ? "never" : toDay(expiresAt);
  return status === "rotated" ? `${until}, rotated` : until;
}

function toTime(time: number): string {
  return new Date(time).toISOString();
}

function toDay(time: number): string {
  return toTime(time).slice(0, 10);
}
