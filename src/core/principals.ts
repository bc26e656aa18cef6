// Who calls when nobody is named: trusted code of this process, unless the registry requires a principal.
import { createPrincipal, type Principal, type PrincipalInput } from "../call/principal.ts";
import { Role } from "../authz/index.ts";
import type { Principals } from "../pipeline/environment.ts";
import type { StoredPrincipals } from "./settings/stored-principals.ts";

/** Makes the checks that every principal goes through. */
export function createPrincipals(
  defaultRole: string,
  requirePrincipal: boolean,
  stored: Pick<StoredPrincipals, "complete" | "isDisabled">,
): Principals {
  const defaultRoles = Object.freeze([defaultRole]);
  const local: Principal = createPrincipal({ id: "local", roles: [Role.ADMIN] });
  return {
    check(input: PrincipalInput | undefined) {
      if (input === undefined) return requirePrincipal ? null : local;
      const principal = createPrincipal(input, defaultRoles);
      if (stored.isDisabled(principal)) throw new TypeError(`principal: ${JSON.stringify(principal.id)} is disabled`);
      return stored.complete(principal);
    },
    identify: (input) => stored.complete(createPrincipal(input, defaultRoles)),
    isDisabled: (principal) => stored.isDisabled(principal),
  };
}
