// The headers of an answer as a record: names in lower case, what concerns the connection alone left out. Names are an
// upstream's: the record has no prototype that they could reach.

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
]);

/** Whether a header concerns one connection and is never passed on. `name` in lower case. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name);
}

/** From names and values in turn, as the parser gives them. Lines of one name are joined with a comma. */
export function toHeaders(raw: readonly (Buffer | string)[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = toText(raw[index]).toLowerCase();
    const value = toText(raw[index + 1]);
    if (HOP_BY_HOP.has(name)) continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** `headers` without those that describe a body as it came over the wire. */
export function withoutEncoding(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (name !== "content-encoding" && name !== "content-length") kept[name] = value;
  }
  return kept;
}

/** What a `Retry-After` asks for, in milliseconds from `nowMs`; null when there is none that can be read (RFC 9110 §10.2.3). */
export function readRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // The parser of dates takes nearly anything for one.
  const at = /^[A-Z][a-z]{2}, \d{2} [A-Z]/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

function toText(value: Buffer | string | undefined): string {
  return typeof value === "string" ? value : (value?.toString("latin1") ?? "");
}
