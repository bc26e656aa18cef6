// Images and files as a tool attached them. A provider refuses a whole request for one part that it cannot read, so only
// what is surely readable is sent; the rest is named in the text.

// Groups of four, padded at the end, nothing in between.
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,126}\/[a-z0-9][a-z0-9.+-]{0,126}$/i;

export interface MediaData {
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

/** Whether the data is base64 of 1 to `maxLength` characters, under a media type that can be written in a header. */
export function isReadableMedia({ data, mimeType }: MediaData, maxLength: number): boolean {
  return data !== "" && data.length <= maxLength && MEDIA_TYPE.test(mimeType) && BASE64.test(data);
}

/** A `data:` URL (RFC 2397). */
export function toDataUrl({ mimeType, data }: MediaData): string {
  return `data:${mimeType};base64,${data}`;
}
