// Arithmetic that a stranger writes. mathjs parses it; what the tree may hold is a list of what is allowed, so that a
// node type, operator or function that mathjs adds tomorrow is refused until somebody has thought about it.
// Nothing here may take time or memory beyond the length of the text: no matrices, ranges, assignments, functions
// defined in the text, nor functions that loop as far as their argument says (combinations, gcd, …).
import type { ConstantNode, FunctionNode, MathNode, OperatorNode, SymbolNode } from "mathjs";
import { ToolError } from "../../../index.ts";

/** Characters of an expression. */
export const MAX_EXPRESSION_LENGTH = 256;

export const FUNCTIONS: readonly string[] = Object.freeze([
  ...["abs", "sign", "sqrt", "cbrt", "exp", "log", "log2", "log10", "pow", "mod"],
  ...["round", "floor", "ceil", "fix", "min", "max", "sum", "mean", "median", "hypot"],
  ...["sin", "cos", "tan", "asin", "acos", "atan", "atan2"],
]);
export const CONSTANTS: readonly string[] = Object.freeze(["pi", "tau", "e", "phi"]);
const OPERATORS: readonly string[] = [
  "add",
  "subtract",
  "multiply",
  "divide",
  "pow",
  "mod",
  "unaryMinus",
  "unaryPlus",
  "factorial",
];

type Parse = (text: string) => MathNode;
let loading: Promise<Parse> | null = null;

// mathjs takes 0.4 s to load, so only who calculates loads it. The instance knows nothing but the lists above.
function loadParser(): Promise<Parse> {
  loading ??= import("mathjs").then((mathjs) => {
    const names = [...FUNCTIONS, ...CONSTANTS, ...OPERATORS, "parse"];
    const factories = Object.fromEntries(
      names.map((name) => [name, Reflect.get(mathjs, `${name}Dependencies`) as object]),
    );
    // `predictable`: the root of -1 is not a number, rather than a complex one.
    const instance = mathjs.create(factories as never, { predictable: true, matrix: "Array", number: "number" });
    return instance.parse;
  });
  return loading;
}

/** The value of an arithmetic expression. Throws a ToolError with code INVALID_EXPRESSION or NOT_A_NUMBER. */
export async function calculate(expression: string): Promise<number> {
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    throw refuse(`The expression has ${expression.length} characters; at most ${MAX_EXPRESSION_LENGTH} are accepted.`);
  }
  const parse = await loadParser();
  let value: unknown;
  try {
    const tree = parse(withPlainSigns(expression));
    tree.traverse(assertAllowed);
    value = tree.compile().evaluate({});
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw refuse(`The expression cannot be read: ${(error as Error).message}.`);
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new ToolError(
      "NOT_A_NUMBER",
      "The result is not a finite real number (a division by zero, the root of a negative number, or too large).",
    );
  }
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(14));
}

/** The signs people and models type instead of `*`, `/`, `-`; and "8% of 250". */
function withPlainSigns(expression: string): string {
  return expression.replaceAll("×", "*").replaceAll("÷", "/").replaceAll("−", "-").replaceAll("% of ", "% * ");
}

function assertAllowed(node: MathNode, _path: string, parent: MathNode | null): void {
  switch (node.type) {
    case "ParenthesisNode":
      return;
    case "ConstantNode":
      if (typeof (node as ConstantNode).value !== "number")
        throw refuse("Only numbers are accepted, no texts or truth values.");
      return;
    case "SymbolNode":
      assertName((node as SymbolNode).name, parent);
      return;
    case "OperatorNode":
      if (!OPERATORS.includes((node as OperatorNode).fn))
        throw refuse(`The operator ${String((node as OperatorNode).op)} is not accepted.`);
      return;
    case "FunctionNode":
      if ((node as FunctionNode).fn.type !== "SymbolNode") throw refuse("Only named functions are accepted.");
      return;
    default:
      throw refuse(
        `${node.type.replace(/Node$/, "")} is not accepted: only numbers, + - * / ^ % !, parentheses, functions and constants.`,
      );
  }
}

function assertName(name: string, parent: MathNode | null): void {
  const isFunction = parent?.type === "FunctionNode" && (parent as FunctionNode).fn.name === name;
  if (isFunction ? FUNCTIONS.includes(name) : CONSTANTS.includes(name)) return;
  throw refuse(
    isFunction
      ? `There is no function ${name}. Accepted: ${FUNCTIONS.join(", ")}.`
      : `There is no constant ${name}. Accepted: ${CONSTANTS.join(", ")}.`,
  );
}

function refuse(message: string): ToolError {
  return new ToolError("INVALID_EXPRESSION", message);
}
