// Rules of this house that the linter does not bring along. Each reports one thing and has a fixture that it must refuse.
import type { RuleTester } from "oxlint/plugins-dev";

// The package exports its tester of rules, and a rule's type only through it.
type Rule = Parameters<RuleTester["run"]>[1];

/** `new Date()` and `Date()` read the wall clock; with an argument they only convert. */
const wallClock: Rule = {
  create: (context) => ({
    NewExpression(node) {
      if (isDate(node.callee) && node.arguments.length === 0) {
        context.report({ node, message: "`new Date()` reads the wall clock: take a Clock from kernel/clock.ts." });
      }
    },
    CallExpression(node) {
      if (isDate(node.callee)) {
        context.report({ node, message: "`Date()` reads the wall clock: take a Clock from kernel/clock.ts." });
      }
    },
  }),
};

/** What a module offers is a decision: `export *` makes it an accident. */
const exportAll: Rule = {
  create: (context) => ({
    ExportAllDeclaration(node) {
      context.report({ node, message: "Name what is exported: `export { … } from`." });
    },
  }),
};

/** An import whose target is computed is one that the table of the architecture cannot see. */
const computedImport: Rule = {
  create: (context) => ({
    ImportExpression(node) {
      if (node.source.type === "Literal") return;
      context.report({ node, message: "Import a literal, so that it can be checked who imports whom." });
    },
  }),
};

function isDate(node: { readonly type: string; readonly name?: unknown }): boolean {
  return node.type === "Identifier" && node.name === "Date";
}

const house = {
  meta: { name: "house" },
  rules: {
    "no-wall-clock": wallClock,
    "no-export-all": exportAll,
    "no-computed-import": computedImport,
  } satisfies Record<string, Rule>,
};

export default house;
