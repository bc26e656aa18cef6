// How the hand-written pipeline keeps secrets out of its audit.

const SECRET_KEY = /pass|secret|token|key|auth|cookie|credential/i;
// No credential that the pattern knows is shorter.
const MIN_SECRET_LENGTH = 14;
const SECRET_TEXT = /\b(?:sk|ghp|xox[abp]|AKIA|eyJ)[-_\w]{12,}|bearer\s+\S{8,}/i;
const secretKeys = new Map<string, boolean>();

/** A copy without what looks secret. */
export function redact(value: unknown): unknown {
  if (typeof value === "string")
    return value.length >= MIN_SECRET_LENGTH && SECRET_TEXT.test(value) ? "[redacted]" : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(redact);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    let secret = secretKeys.get(key);
    if (secret === undefined) {
      secret = SECRET_KEY.test(key);
      if (secretKeys.size < 10_000) secretKeys.set(key, secret);
    }
    copy[key] = secret ? "[redacted]" : redact((value as Record<string, unknown>)[key]);
  }
  return copy;
}
