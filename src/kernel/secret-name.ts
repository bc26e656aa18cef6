// Whether the name of a member says that its value is a secret. Names are split into words at case changes, digits and
// punctuation: "dbPassword2", "DB_PASSWORD" and "db-password" are the same words.

/** Names of one word. */
const WORDS = new Set(
  "password passwd pwd passphrase passcode secret token jwt bearer authorization auth cookie credential credentials creds apikey pass otp totp pin cvv cvc csc ssn iban".split(
    " ",
  ),
);

/** Names of several words, written together. */
const PHRASES = [
  ..."api access secret private signing encryption master session account client license"
    .split(" ")
    .map((word) => `${word}key`),
  ..."card account passport routing".split(" ").map((word) => `${word}number`),
  ..."security verification auth access backup recovery mfa".split(" ").map((word) => `${word}code`),
  "creditcard",
  "debitcard",
  "socialsecurity",
  "sessionid",
  "connectionstring",
];

/** What a name written without any separator ends or begins with. */
const ENDINGS = [
  "password",
  "passwd",
  "passphrase",
  "secret",
  "token",
  "apikey",
  "credential",
  "credentials",
  "cookie",
];
const BEGINNINGS = ["password", "passwd", "passphrase", "credential", "authorization", "apikey"];

/** Beside "token", these say that the value is a number of tokens. */
const COUNTING = new Set(
  "max min count limit budget usage total used number num input output prompt completion per".split(" "),
);

/** What a name tells: nothing secret, a secret, or a secret unless the value is a number. */
export type KeySecrecy = "open" | "secret" | "secret-unless-number";

/** Tells about a name; remembers names it was asked about. */
export type KeyReader = (key: string) => KeySecrecy;

const MAX_REMEMBERED = 4_096;
const MAX_REMEMBERED_LENGTH = 64;

/** Creates a reader of names. Names may be a stranger's, so it forgets them all when there are too many. */
export function createKeyReader(): KeyReader {
  const known = new Map<string, KeySecrecy>();
  return (key) => {
    let secrecy = known.get(key);
    if (secrecy !== undefined) return secrecy;
    secrecy = toKeySecrecy(key);
    if (key.length > MAX_REMEMBERED_LENGTH) return secrecy;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, secrecy);
    return secrecy;
  };
}

/** What `key` tells about its value. Takes time linear in its length, of which it reads 256 characters. */
export function toKeySecrecy(key: string): KeySecrecy {
  const words = splitWords(key);
  const joined = words.join("");
  const secret =
    words.some((word) => WORDS.has(toSingular(word))) ||
    PHRASES.some((phrase) => joined.includes(phrase)) ||
    words.some(
      (word) =>
        ENDINGS.some((ending) => toSingular(word).endsWith(ending)) ||
        BEGINNINGS.some((beginning) => word.startsWith(beginning)),
    );
  if (!secret) return "open";
  const counts = words.some((word) => COUNTING.has(word)) && words.some((word) => toSingular(word) === "token");
  return counts ? "secret-unless-number" : "secret";
}

/** The words of a name, in lower case. */
export function splitWords(name: string): readonly string[] {
  const text = name.slice(0, 256).normalize("NFKC");
  const words: string[] = [];
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const isLetter = index < text.length && isLetterAt(text, index);
    if (start !== -1 && (!isLetter || beginsWord(text, index))) {
      words.push(text.slice(start, index).toLowerCase());
      start = -1;
    }
    if (isLetter && start === -1) start = index;
  }
  return words;
}

/** At "P" in "dbPassword" and at "K" in "APIKey". */
function beginsWord(text: string, index: number): boolean {
  if (!isUpperAt(text, index)) return false;
  return (
    !isUpperAt(text, index - 1) ||
    (index + 1 < text.length && isLetterAt(text, index + 1) && !isUpperAt(text, index + 1))
  );
}

function isLetterAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;
}

function isUpperAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 65 && code <= 90;
}

function toSingular(word: string): string {
  return word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word;
}
