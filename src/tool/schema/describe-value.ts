// What came, in few words: enough for a model to recognise its mistake, never the whole of a value.

const MAX_LENGTH = 80;

/** `string "abc"`, `number 5`, `array of 3 items`, `object with "a", "b"`, `nothing`; at most 80 characters. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `string ${quote(value, MAX_LENGTH - "string ".length)}`;
    case "number":
      return `number ${value}`;
    case "bigint":
      return cut(`number ${value}`, MAX_LENGTH);
    case "boolean":
      return `boolean ${value}`;
    case "undefined":
      return "nothing";
    case "object":
      return value === null ? "null" : describeContainer(value);
    case "function":
    case "symbol":
    default:
      return typeof value;
  }
}

/** `text` as JSON of at most `maxLength` characters; the cut is shown by `…`. */
export function quote(text: string, maxLength = 64): string {
  const whole = JSON.stringify(text.length > maxLength ? text.slice(0, maxLength) : text);
  if (text.length <= maxLength && whole.length <= maxLength) return whole;
  let end = Math.min(text.length, maxLength - 3);
  let shown = JSON.stringify(`${text.slice(0, end)}…`);
  while (shown.length > maxLength && end > 0) {
    end -= Math.max(1, Math.ceil((shown.length - maxLength) / 6));
    shown = JSON.stringify(`${text.slice(0, Math.max(0, end))}…`);
  }
  return shown;
}

function describeContainer(value: object): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "empty array";
    return value.length === 1 ? "array of 1 item" : `array of ${value.length} items`;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return "empty object";
  let text = "object with ";
  for (const [index, key] of keys.entries()) {
    const next = `${index === 0 ? "" : ", "}${quote(key, 30)}`;
    if (text.length + next.length > MAX_LENGTH - 3) return `${text}, …`;
    text += next;
  }
  return text;
}

/** `text`, or its beginning and `…`. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
