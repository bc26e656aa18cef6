import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { z } from "zod";
import { defineRoute, type Route } from "../../http/index.ts";
import { ROUTES } from "../../rest/index.ts";
import { toOpenapi } from "../to-openapi.ts";
import { toDocsPage } from "./to-docs-page.ts";

const document = toOpenapi(ROUTES, { version: "1.2.3" });
const page = toDocsPage(document);

it("allows its own style, which is all that it has, and nothing else", () => {
  const styles = [...page.html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text = ""]) => text);
  expect(styles).toHaveLength(1);
  const digest = createHash("sha256")
    .update(styles[0] ?? "")
    .digest("base64");
  expect(page.policy).toBe(
    `default-src 'none'; style-src 'sha256-${digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  );
  expect(page.html).not.toMatch(/<script|<link|<img|<iframe|<form|javascript:|\sstyle=|\son\w+=|url\(|@import/i);
});

it("leads nowhere else", () => {
  const places = [...page.html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, place = ""]) => place);
  expect(places.filter((place) => !place.startsWith("#"))).toEqual(["openapi.json"]);
  const ids = new Set([...page.html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  expect(places.filter((place) => place.startsWith("#") && !ids.has(place.slice(1)))).toEqual([]);
});

it("shows every operation with its path and an example, and every code", () => {
  const ids = [...page.html.matchAll(/<article class="operation" id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual(expect.arrayContaining(ROUTES.map(({ id }) => id)));
  expect(new Set(ids).size).toBe(ids.length);
  expect(page.html.match(/<code>curl/g)).toHaveLength(ROUTES.length);
  for (const code of new Set(ROUTES.flatMap(({ errors }) => errors)))
    expect(page.html).toContain(`<code>${code}</code>`);
});

it("shows examples that a shell can read", () => {
  expect(page.html).toContain(
    [
      `curl -X POST &quot;$TOOLYARD_URL/v1/tools/orders.get/calls&quot; \\`,
      `  -H &quot;Authorization: Bearer $TOOLYARD_KEY&quot; \\`,
      `  -H &quot;Idempotency-Key: order-4711&quot; \\`,
      `  -H &quot;Content-Type: application/json&quot; \\`,
      `  -d &#39;{&quot;id&quot;:&quot;abc123&quot;}&#39;</code>`,
    ].join("\n"),
  );
});

it("escapes every text, wherever it comes from", () => {
  const evil = `"><script>alert('1')</script>&`;
  const route: Route<never> = defineRoute({
    ...{
      id: `a${evil}`,
      method: "POST",
      path: `/x${evil}/{p}`,
      access: "public",
      tag: `t${evil}`,
      summary: `s${evil}\`c${evil}\``,
    },
    params: z.strictObject({ p: z.string().describe(evil) }),
    query: z.strictObject({ [`q${evil}`]: z.enum([evil]).describe(evil) }),
    body: z.strictObject({ [`b${evil}`]: z.string().default(evil).describe(evil) }),
    answer: z
      .strictObject({ [`m${evil}`]: z.strictObject({ [`n${evil}`]: z.literal(evil) }) })
      .meta({ id: `I${evil}` }),
    headers: { [`H${evil}`]: evil },
    handle: () => ({}),
  });
  const { html } = toDocsPage(toOpenapi([route], { version: evil, servers: [evil] }));
  expect(html).not.toMatch(/<script/i);
  expect(html).not.toContain(evil);
  // Every tag is one of ours, and closed where it began.
  expect(
    html.match(
      /<(?!\/?(?:!doctype|html|head|meta|title|style|body|a|div|nav|p|small|h[1-4]|ul|li|span|main|header|code|section|article|details|summary|pre|dl|dt|dd|wbr)\b)/g,
    ),
  ).toBeNull();
});
