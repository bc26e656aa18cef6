// Custom authorisation: a function that decides in place of the default and delegates to it. Here: employees on leave may
// do nothing at all, refunds need the customer's own account, and everything else is as the tools say.
import assert from "node:assert/strict";
import { type Authorizer, createRegistry, defineTool, Role } from "toolyard";

const authorizer: Authorizer = ({ principal, tool, phase, input }, decideDefault) => {
  if (principal.attributes["onLeave"] === true) return false;
  const decision = decideDefault();
  if (tool.name !== "orders.refund" || decision.allowed === "no") return decision;
  // Before the arguments are known, the tool is shown, as some call of it may be allowed.
  if (phase === "tool") return { ...decision, allowed: "conditional" };
  const own = (input as { account: string }).account === principal.attributes["account"];
  return own
    ? decision
    : { allowed: "no", visible: true, rule: "own account", reason: "Refunds are for your own account only." };
};

const refund = defineTool({
  name: "orders.refund",
  version: "1.0.0",
  description: "Refund an order of an account.",
  effect: "write",
  access: { roles: [Role.USER] },
  input: {
    type: "object",
    properties: { account: { type: "string" }, order: { type: "string" } },
    required: ["account", "order"],
  },
  handler: () => ({ refunded: true }),
});

await using registry = createRegistry({ tools: [refund], authorizer });
const ulla = { id: "ulla", roles: [Role.USER], attributes: { account: "a1" } };
const away = { ...ulla, attributes: { account: "a1", onLeave: true } };

const own = await registry.execute("orders.refund", { account: "a1", order: "o1" }, { principal: ulla });
assert(own.ok);

const foreign = await registry.execute("orders.refund", { account: "a2", order: "o2" }, { principal: ulla });
assert(!foreign.ok);
assert.equal(foreign.error.code, "FORBIDDEN");
assert.match(foreign.error.message, /own account/);

// Who is refused in phase "tool" does not even see the tool.
assert.deepEqual(registry.list({ principal: away }), []);
const hidden = await registry.execute("orders.refund", { account: "a1", order: "o1" }, { principal: away });
assert(!hidden.ok && hidden.error.code === "UNKNOWN_TOOL");

// One decision serves lists, calls and this explanation.
assert.equal(registry.permissions.check(ulla, "orders.refund", { account: "a2", order: "o2" }), false);
assert.equal(registry.permissions.explain(ulla, "orders.refund", { account: "a2", order: "o2" }).rule, "own account");
console.log("custom-authorizer: ok");
