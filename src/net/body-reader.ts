// The body of an answer, decoded as it comes and bounded three ways: bytes received, bytes decoded, and how much the ones
// grow into the others. What is held never exceeds the bounds, whatever an upstream sends.
import type { Transform } from "node:stream";
import * as zlib from "node:zlib";
import type { EgressCode } from "./egress-error.ts";

export interface BodyReader {
  write(chunk: Buffer): void;
  /** All has been received: `onEnd` follows once it is decoded. */
  end(): void;
  /** Nothing is wanted any more. */
  destroy(): void;
}

export interface BodyEvents {
  onEnd(body: Uint8Array, decoded: boolean): void;
  onFail(code: EgressCode, problem: string): void;
}

/** A stream that knows how much of its input it has taken. */
type Decoder = Transform & { readonly bytesWritten: number };

/** How many times larger a body may get by decoding; text that repeats itself reaches some dozens. */
const MAX_RATIO = 200;
/** Below this the ratio says nothing. */
const RATIO_FROM_BYTES = 65_536;

/** What is offered to upstreams: what this Node can decode. */
export const ACCEPTED_ENCODINGS: string =
  typeof zlib.createZstdDecompress === "function" ? "gzip, br, zstd, deflate" : "gzip, br, deflate";

/** The one encoding of a `Content-Encoding`, null for none; a problem when there are more, or an unknown one. */
export function readEncoding(
  value: string | undefined,
): { readonly encoding: string | null } | { readonly problem: string } {
  const layers = (value ?? "")
    .toLowerCase()
    .split(",")
    .map((layer) => layer.trim())
    .filter((layer) => layer !== "" && layer !== "identity");
  const [layer, ...others] = layers;
  if (layer === undefined) return { encoding: null };
  if (others.length > 0) return { problem: `it is encoded ${layers.length} times over, once is taken` };
  const encoding = layer === "x-gzip" ? "gzip" : layer;
  if (ACCEPTED_ENCODINGS.split(", ").includes(encoding)) return { encoding };
  return { problem: `it is encoded as ${JSON.stringify(layer.slice(0, 20))}, expected one of ${ACCEPTED_ENCODINGS}` };
}

/** Reads a body in `encoding` (of `readEncoding`), of at most `maxBytes` decoded. */
export function createBodyReader(encoding: string | null, maxBytes: number, events: BodyEvents): BodyReader {
  return encoding === null ? createPlainReader(maxBytes, events) : createDecodingReader(encoding, maxBytes, events);
}

/** Bytes a body may have on the wire: little more than decoded, for what does not compress. */
export function toReceivedLimit(encoding: string | null, maxBytes: number): number {
  return encoding === null ? maxBytes : maxBytes + Math.ceil(maxBytes / 64) + 1024;
}

function createPlainReader(maxBytes: number, { onEnd, onFail }: BodyEvents): BodyReader {
  let chunks: Buffer[] = [];
  let received = 0;
  return {
    write(chunk) {
      received += chunk.byteLength;
      // The parser's memory is its own: what is kept is a copy.
      if (received <= maxBytes) chunks.push(Buffer.from(chunk));
      else onFail("TOO_LARGE", `its body has more than ${maxBytes} bytes`);
    },
    end() {
      onEnd(join(chunks, received), false);
    },
    destroy() {
      chunks = [];
    },
  };
}

function createDecodingReader(encoding: string, maxBytes: number, { onEnd, onFail }: BodyEvents): BodyReader {
  const limit = toReceivedLimit(encoding, maxBytes);
  let decoder: Decoder | null = null;
  let chunks: Buffer[] = [];
  let received = 0;
  let decoded = 0;
  let isDecoded = false;
  let isReceived = false;

  // Both are waited for: what is encoded can end before the answer does, and its connection is not free before that.
  const finish = (): void => {
    if (!isDecoded || !isReceived) return;
    if (decoder !== null && decoder.bytesWritten < received) fail();
    else onEnd(join(chunks, decoded), true);
  };
  const fail = (): void => {
    onFail("BAD_RESPONSE", `its body goes on after the end of ${encoding}`);
  };
  const keep = (chunk: Buffer): void => {
    decoded += chunk.byteLength;
    if (decoded > maxBytes) onFail("TOO_LARGE", `its body has more than ${maxBytes} bytes decoded`);
    else if (decoded > RATIO_FROM_BYTES && decoded > received * MAX_RATIO) {
      onFail("TOO_LARGE", `its body grows more than ${MAX_RATIO} times by decoding`);
    } else chunks.push(chunk);
  };
  const open = (first: Buffer): Decoder => {
    const opened = createDecoder(encoding, first);
    opened.on("data", keep);
    opened.once("end", () => {
      isDecoded = true;
      finish();
    });
    opened.once("error", () => {
      onFail("BAD_RESPONSE", `its body is not ${encoding}, as it says, or not all of it`);
    });
    return opened;
  };

  return {
    write(chunk) {
      received += chunk.byteLength;
      if (received > limit) onFail("TOO_LARGE", `its body has more than ${limit} bytes`);
      else if (isDecoded) fail();
      else (decoder ??= open(chunk)).write(Buffer.from(chunk));
    },
    end() {
      isReceived = true;
      isDecoded ||= decoder === null;
      decoder?.end();
      finish();
    },
    destroy() {
      decoder?.destroy();
      chunks = [];
    },
  };
}

function createDecoder(encoding: string, first: Buffer): Decoder {
  switch (encoding) {
    case "gzip":
      return zlib.createGunzip();
    case "br":
      return zlib.createBrotliDecompress();
    case "zstd":
      return zlib.createZstdDecompress();
    default:
      // "deflate" means zlib's format (RFC 9110 §8.4.1.2); half of those who say it send the bare one.
      return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
  }
}

function join(chunks: readonly Buffer[], length: number): Uint8Array {
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}
