// A request against the schemas that OpenAI publishes for it. Only requests: of answers the document says less than the
// API sends. Compiled at the first request, once for a process.
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { readComponents } from "./components.ts";
import { type ApiProblem, type Json, refuse, toText } from "./problem.ts";

export type ApiFormat = "chat" | "responses";

const ROOTS: Readonly<Record<ApiFormat, string>> = { chat: "CreateChatCompletionRequest", responses: "CreateResponse" };

let ajv: Ajv2020 | null = null;

function compile(format: ApiFormat): ValidateFunction {
  if (ajv === null) {
    // `strict` is about how schemas are written, and these are as published. Formats say nothing of tools.
    ajv = new Ajv2020({ strict: false, validateFormats: false, verbose: true, validateSchema: false });
    ajv.addSchema({ $id: "openai", components: { schemas: Object.fromEntries(readComponents()) } });
  }
  const id = `openai#/components/schemas/${ROOTS[format]}`;
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`${id} is not in the extract`);
  return validate;
}

/** The first thing that the published schema of the request does not permit, in the API's words. */
export function checkRequest(format: ApiFormat, body: Json): ApiProblem | null {
  const validate = compile(format);
  if (validate(body)) return null;
  return toProblem(validate.errors ?? []);
}

/** They only say that something inside of them is wrong. */
const FRAMES = new Set(["anyOf", "allOf", "if", "$ref"]);

/** Of all errors the one that lies deepest: members of a union that were not meant fail early. */
function toProblem(errors: readonly ErrorObject[]): ApiProblem {
  const telling = errors.filter(({ keyword }) => !FRAMES.has(keyword));
  const deepest = Math.max(...telling.map(toDepth));
  const candidates = telling.filter((error) => toDepth(error) === deepest);
  // A member of another type was not meant, when there is one of the right type that found something else.
  const others = candidates.filter(
    ({ keyword, data }) => keyword !== "type" && !(keyword === "enum" && typeof data === "object"),
  );
  const [first] = others.length > 0 ? others : candidates;
  if (first === undefined) return refuse("Invalid request.");
  return first.keyword === "type" ? toTypeProblem(candidates) : describe(first);
}

function toDepth({ instancePath }: ErrorObject): number {
  return instancePath.split("/").length;
}

/** `/input/0/name` → `input[0].name` */
function toParam({ instancePath }: ErrorObject, member?: string): string {
  const steps = instancePath.split("/").slice(1);
  if (member !== undefined) steps.push(member);
  return steps.reduce((path, step) => {
    if (/^\d+$/.test(step)) return `${path}[${step}]`;
    return path === "" ? step : `${path}.${step}`;
  }, "");
}

const KINDS: ReadonlyMap<unknown, string> = new Map([
  ["string", "a string"],
  ["array", "an array"],
  ["object", "an object"],
  ["boolean", "a boolean"],
  ["integer", "an integer"],
  ["number", "a decimal number"],
  ["null", "null"],
]);

function toKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return KINDS.get(Number.isInteger(value) ? "integer" : typeof value) ?? "nothing";
}

function toTypeProblem(errors: readonly ErrorObject[]): ApiProblem {
  const [first] = errors as [ErrorObject];
  const kinds = new Set(errors.flatMap(({ params }) => [params["type"] ?? []].flat().map((type) => KINDS.get(type))));
  const wanted = [...kinds].filter((kind) => kind !== "null");
  const expected = wanted.length > 1 ? `one of ${wanted.join(" or ")}` : `${wanted[0]}`;
  const param = toParam(first);
  const text = `Invalid type for '${param}': expected ${expected}, but got ${toKind(first.data)} instead.`;
  return refuse(text, param, "invalid_type");
}

function describe(error: ErrorObject): ApiProblem {
  const param = toParam(error);
  const { keyword, params, data } = error;
  const limit = String(params["limit"]);
  switch (keyword) {
    case "additionalProperties":
    case "unevaluatedProperties": {
      const name = toParam(error, String(params["additionalProperty"] ?? params["unevaluatedProperty"]));
      return refuse(`Unknown parameter: '${name}'.`, name, "unknown_parameter");
    }
    case "required": {
      const name = toParam(error, String(params["missingProperty"]));
      return refuse(`Missing required parameter: '${name}'.`, name, "missing_required_parameter");
    }
    case "enum":
      return refuse(
        `Invalid value: '${toText(data)}'. ${toSupported(params["allowedValues"])}`,
        param,
        "invalid_value",
      );
    case "pattern": {
      const wanted = `Expected a string that matches the pattern '${String(params["pattern"])}'.`;
      return refuse(`Invalid '${param}': string does not match pattern. ${wanted}`, param, "invalid_value");
    }
    case "maxLength":
    case "minLength":
    case "maxItems":
    case "minItems":
      return toSizeProblem(keyword, param, limit, data);
    case "minimum":
    case "maximum": {
      const [side, sign] = keyword === "minimum" ? ["below minimum", ">="] : ["above maximum", "<="];
      const text = `Invalid '${param}': integer ${side} value. Expected a value ${sign} ${limit}, but got ${toText(data)} instead.`;
      return refuse(text, param, `integer_${side.replace(" minimum", "_min").replace(" maximum", "_max")}_value`);
    }
    default:
      return refuse(`Invalid '${param}': ${String(error.message)}.`, param, "invalid_value");
  }
}

function toSizeProblem(keyword: string, param: string, limit: string, data: unknown): ApiProblem {
  const kind = keyword.endsWith("Items") ? "array" : "string";
  const isMax = keyword.startsWith("max");
  const { length } = data as { length: number };
  const got = length === 0 ? `an empty ${kind}` : `${kind === "array" ? "an array" : "a string"} with length ${length}`;
  const a = kind === "array" ? "an array" : "a string";
  const wanted = `Expected ${a} with ${isMax ? "maximum" : "minimum"} length ${limit}, but got ${got} instead.`;
  const state = isMax ? "too long" : length === 0 ? "" : "too short";
  const title = state === "" ? `empty ${kind}` : `${kind} ${state}`;
  const code = isMax ? `${kind}_above_max_length` : length === 0 ? `empty_${kind}` : `${kind}_below_min_length`;
  return refuse(`Invalid '${param}': ${title}. ${wanted}`, param, code);
}

function toSupported(values: unknown): string {
  const texts = (Array.isArray(values) ? values : []).filter((value) => value !== null).map((value) => `'${value}'`);
  if (texts.length === 1) return `Supported values are: ${texts[0]}.`;
  return `Supported values are: ${texts.slice(0, -1).join(", ")}${texts.length > 2 ? "," : ""} and ${texts.at(-1)}.`;
}
