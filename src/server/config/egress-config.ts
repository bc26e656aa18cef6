// Whom the process may ask for its tools, and which secrets it may send to whom.

export interface EgressConfig {
  /** Private networks that tools may reach: none, all of them, or those listed (CIDR). @default false */
  readonly allowPrivate?: boolean | readonly string[];
  /** Origins that each secret may be sent to, by its reference. @default none: no secret is sent anywhere */
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
}

/** `EgressConfig` with every default filled in. */
export interface EgressSettings {
  readonly allowPrivate: boolean | readonly string[];
  readonly secrets: ReadonlyMap<string, readonly string[]>;
}
