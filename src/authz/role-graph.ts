// All roles, turned round for deciding: for a role that a rule names, the roles whose holders it means.
// A name that is no role has no holders, so that a made-up role in a token or a rule never fits.

export interface RoleGraph {
  readonly names: ReadonlySet<string>;
  /** The roles whose holders hold `role`: itself and all that inherit it. Empty for a name that is no role. */
  holders(role: string): ReadonlySet<string>;
  /** Whom a rule that names `roles` is for. */
  toRoleTest(roles: readonly string[]): RoleTest;
  /** A bit for each role that a holder of `roles` holds, inherited ones included. To be tested with `holdsAny`. */
  toHeldBits(roles: readonly string[]): number;
}

/** Whether somebody holds one of several roles: a bit for each of them, and a set for those that got no bit. */
export interface RoleTest {
  readonly bits: number;
  /** Roles whose holders pass. null: the bits say it all. */
  readonly others: ReadonlySet<string> | null;
}

/** Whether a principal that has `roles`, and so `heldBits`, passes the test. */
export function holdsAny(test: RoleTest, heldBits: number, roles: readonly string[]): boolean {
  if ((test.bits & heldBits) !== 0) return true;
  if (test.others !== null) for (const role of roles) if (test.others.has(role)) return true;
  return false;
}

const NONE: ReadonlySet<string> = new Set();
// Bits in a number. A set lookup for each rule and each role of the principal costs 14 ns (Node 24): with 12 rules and
// 8 roles more than a microsecond, where bits cost one lookup for each role of the principal and none for a rule.
const MAX_BITS = 32;

/** The graph of roles, by the roles whose holders hold each of them. */
export function createRoleGraph(holders: ReadonlyMap<string, ReadonlySet<string>>): RoleGraph {
  const bits = new Map([...holders.keys()].slice(0, MAX_BITS).map((name, index) => [name, 1 << index]));
  const held = new Map<string, number>();
  for (const [role, bit] of bits) {
    for (const holder of holders.get(role) ?? NONE) held.set(holder, (held.get(holder) ?? 0) | bit);
  }
  return {
    names: new Set(holders.keys()),
    holders: (role) => holders.get(role) ?? NONE,
    toRoleTest(roles) {
      const others = roles.filter((role) => !bits.has(role)).flatMap((role) => [...(holders.get(role) ?? NONE)]);
      return {
        bits: roles.reduce((all, role) => all | (bits.get(role) ?? 0), 0),
        others: others.length === 0 ? null : new Set(others),
      };
    },
    toHeldBits(roles) {
      let all = 0;
      for (const role of roles) all |= held.get(role) ?? 0;
      return all;
    },
  };
}
