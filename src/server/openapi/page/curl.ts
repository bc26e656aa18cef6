// An operation as a line of `curl` that can be copied. The address and the key come from variables: nothing secret is on the page.
import type { Operation, Parameter, Schema } from "../document.ts";
import { toSample } from "./sample.ts";

export interface Place {
  readonly method: string;
  readonly path: string;
}

export function toCurl({ method, path }: Place, operation: Operation): string {
  const { parameters = [], requestBody, security } = operation;
  const json = requestBody?.content["application/json"];
  const lines = [
    `curl${method === "get" ? "" : ` -X ${method.toUpperCase()}`} "$TOOLYARD_URL${fillPath(path, parameters)}"`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $TOOLYARD_KEY"'] : []),
    ...parameters.filter(({ in: place }) => place === "header").map(({ name }) => `-H "${name}: ${toHeader(name)}"`),
    ...(json === undefined
      ? []
      : ['-H "Content-Type: application/json"', `-d ${quote(JSON.stringify(toBody(json.schema)))}`]),
  ];
  return lines.join(" \\\n  ");
}

function fillPath(path: string, parameters: readonly Parameter[]): string {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const schema = parameters.find((parameter) => parameter.in === "path" && parameter.name === name)?.schema ?? {};
    return encodeURIComponent(String(toSample(schema, name)));
  });
  const asked = parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  const query = asked.map(({ name, schema }) => `${name}=${encodeURIComponent(String(toSample(schema, name)))}`);
  return query.length === 0 ? filled : `${filled}?${query.join("&")}`;
}

/** Arguments of a tool may be anything: an object is the usual. */
function toBody(schema: Schema): unknown {
  return Object.keys(schema).length === 0 ? { id: "abc123" } : toSample(schema);
}

function toHeader(name: string): string {
  return name === "If-Match" ? '\\"3\\"' : "order-4711";
}

/** For a shell: nothing within it is read. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
