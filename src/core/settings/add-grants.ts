// `grants.add` over stores: several settings in one act.
import type { Grant } from "../../authz/index.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { type ActOrigin, readActOptions } from "../catalogue/act-options.ts";
import { checkSettingId, copySettingBody, toDeclaredError } from "./check-setting.ts";
import { keepSettings } from "./read-settings.ts";
import type { SettingParts, SettingWriter } from "./setting-writer.ts";

export type AddGrants = (grants: readonly Grant[], options?: ActOrigin) => Promise<void>;

/** Makes what adds grants that are not there yet, all or none. */
export function createAddGrants({ store, program, environment }: SettingParts, writer: SettingWriter): AddGrants {
  const refuseDeclared = (id: string): void => {
    if (program.declared.grant.has(id)) throw toDeclaredError("grants.add", "grant", id);
  };
  return async (grants, options = {}) => {
    const { principal, change } = readActOptions("grants.add", options, { now: environment.clock.now() });
    const changes = grants.map((grant, index) => {
      const { name: id, ...body } = checkNamed(grant, index);
      checkSettingId(`grants.add: grants[${index}]`, "grant", id);
      refuseDeclared(id);
      return { kind: "grant" as const, id, body: copySettingBody("grant", body), ...change };
    });
    await writer.write({ principal, changes }, async () => {
      const seen = new Set<string>();
      for (const { id } of changes) {
        // Again in its turn: the program may declare it by now.
        refuseDeclared(id);
        // In place of one that denies, by a slip in a name, it would let in whom that one keeps out.
        if (seen.has(id) || (await keepSettings(() => store.get("grant", id))) !== null)
          throw new ToolyardError(
            "INVALID_OPTION",
            `grants.add: there is a grant ${JSON.stringify(id)}; remove it, or set it with settings.set`,
          );
        seen.add(id);
      }
      return async () =>
        (await store.save(
          changes.map((one) => ({ ...one, expected: 0 })),
          change,
        )) || null;
    });
  };
}

/** Grants that outlive the process need a name, by which they are found again. */
function checkNamed(grant: Grant, index: number): Grant & { readonly name: string } {
  const { name } = grant;
  if (name !== undefined) return { ...grant, name };
  throw new ToolyardError("INVALID_OPTION", `grants[${index}].name: is missing; a grant that is kept needs one`);
}
