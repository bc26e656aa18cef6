// Whether a double holds a decimal literal, decided on its digits: no big number is ever built, so `1e1000000000` costs
// what its twelve characters cost.

/** Why a double does not hold a literal. */
export type Inexactness = "INTEGER" | "OVERFLOW" | "UNDERFLOW";

/** Digits times a power of ten; the digits neither begin nor end with a zero, and are empty for zero. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

function toDecimal(literal: string): Decimal {
  const negative = literal.startsWith("-");
  const e = literal.search(/[eE]/);
  const mantissa = literal.slice(negative ? 1 : 0, e === -1 ? undefined : e);
  const dot = mantissa.indexOf(".");
  const all = dot === -1 ? mantissa : mantissa.slice(0, dot) + mantissa.slice(dot + 1);
  let exponent = e === -1 ? 0 : Number(literal.slice(e + 1));
  if (dot !== -1) exponent -= mantissa.length - dot - 1;
  let start = 0;
  let end = all.length;
  while (start < end && all.charCodeAt(start) === 0x30) start++;
  while (end > start && all.charCodeAt(end - 1) === 0x30) end--;
  return { negative, digits: all.slice(start, end), exponent: exponent + all.length - end };
}

/**
 * Why the double nearest to `literal` (a JSON number) does not hold it; null when it does. A literal is held when the
 * shortest text of its double has the same decimal value. Fractions below 2^53, such as 0.1 or
 * 3.14159265358979323846, count as held: they are rounded as everywhere. From 2^53 on fractions count as integers do.
 * @param exactIntegers whether an integer has to be the double's very value, for whoever computes with it:
 * 2384185791015625000 reads back as it was written, and its double is 2384185791015625216. @default false
 */
export function findInexactness(literal: string, exactIntegers = false): Inexactness | null {
  const value = Number(literal);
  // Fifteen digits fit into every double; 0 may be the rest of something smaller.
  if (Number.isSafeInteger(value) && value !== 0 && literal.length <= 15) return null;
  if (!Number.isFinite(value)) return "OVERFLOW";
  const sent = toDecimal(literal);
  if (value === 0) return sent.digits === "" ? null : "UNDERFLOW";
  if (sent.exponent < 0 && Math.abs(value) < 2 ** 53) return null;
  return isHeld(sent, value, literal, exactIntegers) ? null : "INTEGER";
}

function isHeld(sent: Decimal, value: number, literal: string, exactIntegers: boolean): boolean {
  const held = toDecimal(String(value));
  if (held.digits !== sent.digits || held.exponent !== sent.exponent) return false;
  // A finite double has at most 309 digits, so these are small.
  return !exactIntegers || BigInt(value) === toBigInt(literal);
}

/** `literal` as a BigInt; null when it is no integer, or has more than `maxDigits` digits. */
export function toBigInt(literal: string, maxDigits = 1_000): bigint | null {
  const { negative, digits, exponent } = toDecimal(literal);
  if (digits === "") return 0n;
  if (exponent < 0 || !(digits.length + exponent <= maxDigits)) return null;
  const magnitude = BigInt(digits + "0".repeat(exponent));
  return negative ? -magnitude : magnitude;
}
