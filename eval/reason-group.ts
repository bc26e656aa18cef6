// The compiler's reasons name the place; to count them the place is taken out.

const STATEMENTS = [
  /^.* (accepts anything)$/s,
  /^.* (accepts nothing)$/s,
  /^.* (has no type)$/s,
  /^.* (is an object whose properties are not described)$/s,
  /^.* (takes any further properties)$/s,
  /^.* (is a map): additionalProperties is a schema$/s,
  /^(the items) of .* (are not described)$/s,
  /^".*" (is required and not described) at .*$/s,
];

/** `tags[] accepts anything` as `accepts anything`. */
export function toReasonGroup(reason: string): string {
  for (const statement of STATEMENTS) {
    const match = statement.exec(reason);
    if (match !== null) return match.slice(1).join(" ");
  }
  return reason.replace(/ at (?!most ).*$/s, "");
}
