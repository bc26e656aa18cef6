// The roles every registry has, and how further ones are declared.

/** ADMIN inherits USER, which inherits GUEST. */
export const Role: { readonly ADMIN: "ADMIN"; readonly USER: "USER"; readonly GUEST: "GUEST" } = Object.freeze({
  ADMIN: "ADMIN",
  USER: "USER",
  GUEST: "GUEST",
});

export interface RoleDeclaration {
  /**
   * A holder of this role holds these too: what lets them in or keeps them out does the same to its holder. For ADMIN,
   * USER and GUEST they come on top of what these inherit anyway. @default none
   */
  readonly inherits?: readonly string[];
  /** For people. */
  readonly description?: string;
}

/** A letter, then letters, digits, `_` and `-`; at most 64 characters. */
export const ROLE_NAME: RegExp = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
