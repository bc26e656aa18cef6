// docs/reference/rest.md out of the routes: `npm run rest:update` writes it, `test/pins/rest-page.test.ts` holds it.
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { toRow } from "../src/server/http/http-codes.ts";
import type { Route } from "../src/server/http/index.ts";
import { ROUTES } from "../src/server/rest/index.ts";

const PAGE = new URL("../docs/reference/rest.md", import.meta.url);

const INTRODUCTION = `# Routes

Made from the routes themselves (\`npm run rest:update\`). Each says who may ask: see [running the server](../operations/serve.md#who-may-ask).
Refusals are [problem details](errors.md#over-http). Every route may also answer \`INVALID_REQUEST\`, \`HOST_REFUSED\`, \`ORIGIN_REFUSED\`,
\`RATE_LIMITED\` and \`SERVER_BUSY\`; those that ask who is calling \`UNAUTHENTICATED\`, \`AUTH_UNAVAILABLE\` and \`FORBIDDEN\`. Routes that change
something take \`reason\`, which is kept with the change and in the trail. The running server shows all of it with the shapes of bodies and answers at
\`/docs\` and \`/openapi.json\`.
`;

/** The whole page. */
export function toRestPage(): string {
  const tags = [...new Set(ROUTES.map(({ tag }) => tag))];
  const sections = tags.map(
    (tag) =>
      `## ${tag}\n\n${ROUTES.filter((route) => route.tag === tag)
        .map(toEntry)
        .join("\n\n")}\n`,
  );
  return [INTRODUCTION, ...sections].join("\n");
}

function toEntry(route: Route<never>): string {
  const { method, path, access, summary, id, errors, status } = route;
  const lines = [`### ${method} ${path}`, `\`${id}\` · ${access} · ${status}`, summary];
  const rows = [
    ...toRows("path", route.params),
    ...toRows("query", route.query),
    ...Object.entries(route.headers).map(([name, text]) => `| \`${name}\` (header) | ${toCell(text)} |`),
    ...(route.body === "raw" ? ["| the body | any JSON |"] : route.body === null ? [] : toRows("body", route.body)),
  ];
  if (rows.length > 0) lines.push(["| field | what |", "|---|---|", ...rows].join("\n"));
  if (errors.length > 0) lines.push(`Codes: ${errors.map((code) => `\`${code}\` ${toRow(code).status}`).join(", ")}.`);
  return lines.join("\n\n");
}

interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly items?: Shape;
  readonly minimum?: number;
  readonly maximum?: number;
}

function toRows(place: string, schema: z.ZodType): readonly string[] {
  const shape = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Shape;
  const branches = [shape, ...(shape.anyOf ?? []), ...(shape.oneOf ?? [])];
  const fields = new Map<string, string>();
  for (const { properties = {}, required = [] } of branches)
    for (const [name, field] of Object.entries(properties)) {
      const need = required.includes(name) ? "" : ", optional";
      if (!fields.has(name)) fields.set(name, `| \`${name}\` (${place}${need}) | ${toCell(describe(field))} |`);
    }
  return [...fields.values()];
}

function describe(field: Shape): string {
  const kind = field.enum === undefined ? toKind(field) : `one of ${field.enum.map(String).join(", ")}`;
  const fallback = field.default === undefined ? "" : `; default ${JSON.stringify(field.default)}`;
  return `${kind}${fallback}${field.description === undefined ? "" : `. ${field.description}`}`;
}

function toKind({ type, items, anyOf, oneOf }: Shape): string {
  if (type === "array") return `array of ${items === undefined ? "anything" : toKind(items)}`;
  const branches = anyOf ?? oneOf;
  if (branches !== undefined) return branches.map(toKind).join(" or ");
  return type ?? "any JSON";
}

function toCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

if (import.meta.main) await writeFile(PAGE, toRestPage());
