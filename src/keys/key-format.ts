// How an API key is written: `ty_<env>_<id>_<secret>`. The id is public and finds the key; the secret has 256 random bits; the last
// six characters are a checksum, so that a mistyped key is told without asking a database.
// INVARIANT: two keys that differ in any character differ in what is parsed; nothing is trimmed, folded or ignored.
import { hash } from "node:crypto";
import { ALPHABET, createRandomText } from "./random-text.ts";

/** What every key begins with. */
const PREFIX = "ty_";

/** 107 random bits. */
const ID_LENGTH = 18;
/** 256 random bits. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = /^ty_([a-z0-9]{1,16})_([0-9A-Za-z]{18})_([0-9A-Za-z]{49})$/;
const MAX_LENGTH = 88;
const ENV = /^[a-z0-9]{1,16}$/;
const ID = /^[0-9A-Za-z]{18}$/;

export interface ParsedKey {
  /** The whole key, as presented. */
  readonly text: string;
  readonly env: string;
  readonly id: string;
}

/** A new key for `env`, which `isKeyEnv` accepts. */
export function createKeyText(env: string): ParsedKey {
  const id = createRandomText(ID_LENGTH);
  const body = `${PREFIX}${env}_${id}_${createRandomText(SECRET_LENGTH)}`;
  return { text: body + toChecksum(body), env, id };
}

/** Whether `presented` says that it is a key, true or not: no token of another kind begins so. */
export function isKeyLike(presented: string): boolean {
  return presented.startsWith(PREFIX);
}

/** The parts of a key as it was presented; null when it is none. */
export function parseKey(presented: unknown): ParsedKey | null {
  if (typeof presented !== "string" || presented.length > MAX_LENGTH) return null;
  const [, env, id] = FORM.exec(presented) ?? [];
  if (env === undefined || id === undefined) return null;
  const body = presented.slice(0, -CHECKSUM_LENGTH);
  return presented.endsWith(toChecksum(body)) ? { text: presented, env, id } : null;
}

/** Whether `text` can stand in a key as what it is for, such as `live` or `test`. */
export function isKeyEnv(text: unknown): text is string {
  return typeof text === "string" && ENV.test(text);
}

/** Whether `text` has the form of a key's id. */
export function isKeyId(text: unknown): text is string {
  return typeof text === "string" && ID.test(text);
}

/** 32 bits of the SHA-256, in six characters. It is made of what it stands beside, so it gives nothing away. */
function toChecksum(body: string): string {
  let rest = Number.parseInt(hash("sha256", body, "hex").slice(0, 8), 16);
  let text = "";
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    text = (ALPHABET[rest % ALPHABET.length] as string) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
