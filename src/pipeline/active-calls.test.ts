import fc from "fast-check";
import { expect, it } from "vitest";
import { createScope } from "../kernel/scope.ts";
import { createActiveCalls } from "./active-calls.ts";
import { beginCall, type Call, type Request } from "./call.ts";

it("holds those that have entered and not left, in whichever order they do", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (turns) => {
      const active = createActiveCalls();
      const calls = Array.from({ length: 10 }, (_none, index) =>
        beginCall(`${index}`, { parent: null } as Request, createScope(), 0),
      );
      const oracle = new Set<Call>();
      for (const turn of turns) {
        const call = calls[turn] as Call;
        if (oracle.delete(call)) active.leave(call);
        else {
          oracle.add(call);
          active.enter(call);
        }
        expect(active.list().toReversed()).toEqual([...oracle]);
      }
      for (const call of calls) if (!oracle.has(call)) expect([call.older, call.newer]).toEqual([null, null]);
    }),
  );
});
