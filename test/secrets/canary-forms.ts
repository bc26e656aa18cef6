// A canary, and all the forms in which it may come out: as it is, in base64 at any offset, in hexadecimal, URL-encoded, as JSON.
import { randomBytes } from "node:crypto";

export interface Canary {
  readonly what: string;
  readonly bytes: Buffer;
}

/** A text of 40 random characters, with some that URLs and JSON write otherwise. */
export function createTextCanary(what: string): Canary & { readonly text: string } {
  const text = `${randomBytes(15).toString("base64url")}/"+ü ${randomBytes(10).toString("base64url")}`;
  return { what, text, bytes: Buffer.from(text) };
}

/** Such as a tool's caller gives: letters and digits alone. */
export function createWordCanary(what: string): Canary & { readonly text: string } {
  const text = randomBytes(16).toString("base64url").replaceAll(/[-_]/g, "x");
  return { what, text, bytes: Buffer.from(text) };
}

/** A key of 32 bytes. */
export function createKeyCanary(what: string, bytes: Buffer = randomBytes(32)): Canary {
  return { what, bytes };
}

/** Every form of a canary, by its name. */
export function toForms({ bytes }: Canary): ReadonlyMap<string, Buffer> {
  const text = bytes.toString("utf8");
  const forms = new Map<string, Buffer>([
    ["raw", bytes],
    ["hex", Buffer.from(bytes.toString("hex"))],
    ["HEX", Buffer.from(bytes.toString("hex").toUpperCase())],
  ]);
  if (Buffer.from(text).equals(bytes)) {
    forms.set("URL", Buffer.from(encodeURIComponent(text)));
    forms.set("JSON", Buffer.from(JSON.stringify(text).slice(1, -1)));
    forms.set("JSON twice", Buffer.from(JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)));
    forms.set("UTF-16", Buffer.from(text, "utf16le"));
  }
  for (const encoding of ["base64", "base64url"] as const) {
    for (const offset of [0, 1, 2]) forms.set(`${encoding} at ${offset}`, toShifted(bytes, encoding, offset));
  }
  return forms;
}

/** What is the same in base64 whatever stands before and after it. */
function toShifted(bytes: Buffer, encoding: "base64" | "base64url", offset: number): Buffer {
  const skipped = offset === 0 ? 0 : offset + 1;
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replace(/=+$/, "");
  const partial = (offset + bytes.length) % 3 === 0 ? 0 : 1;
  return Buffer.from(encoded.slice(skipped, encoded.length - partial));
}

/** Where canaries are found: `<what> as <form> in <place>`. */
export function findCanaries(canaries: readonly Canary[], places: ReadonlyMap<string, Buffer>): readonly string[] {
  const found: string[] = [];
  for (const canary of canaries) {
    for (const [form, bytes] of toForms(canary)) {
      for (const [place, content] of places)
        if (content.includes(bytes)) found.push(`${canary.what} as ${form} in ${place}`);
    }
  }
  return found;
}
