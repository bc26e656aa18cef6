// The document as one page: made whole on the server, so that it needs no script and nothing from anywhere else.
import { createHash } from "node:crypto";
import type { OpenapiDocument, Operation } from "../document.ts";
import type { Place } from "./curl.ts";
import { html, Html, toProse } from "./html.ts";
import { toOperationView } from "./operation-view.ts";
import { toSchemaView } from "./schema-view.ts";
import { STYLE } from "./style.ts";

export interface DocsPage {
  readonly html: string;
  /** `Content-Security-Policy` under which the page is shown: its own style, and nothing else. */
  readonly policy: string;
}

/** An OpenAPI document as a page for people. Every text of the document is escaped. */
export function toDocsPage(document: OpenapiDocument): DocsPage {
  const { info, components } = document;
  const groups = toGroups(document);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} ${info.version}</title>
        ${STYLE_TAG}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the operations</a>
        <div class="frame">
          <nav aria-label="Operations">
            <p class="brand">${info.title}<small>${info.version}</small></p>
            ${groups.map(toMenu)}
          </nav>
          <main id="content">
            <header>
              <h1>${info.title} ${info.version}</h1>
              ${info.description.split("\n\n").map((part) => html`<p>${toProse(part)}</p>`)}
              <p>
                The document itself: <a href="openapi.json">openapi.json</a>. Credentials go into
                <code>Authorization: Bearer</code>, or an API key into <code>X-Api-Key</code>; never into the URL.
              </p>
              ${toContents(groups)}
            </header>
            ${groups.map((group) => toSection(group, components.schemas))}
            <section id="schemas">
              <h2>Schemas</h2>
              <p>What has a name of its own.</p>
              ${Object.entries(components.schemas).map(
                ([name, schema]) =>
                  html`<article class="operation" id="schema-${name}">
                    <h3><a href="#schema-${name}">${name}</a></h3>
                    ${
                      schema.description === undefined
                        ? null
                        : html`<p class="summary">${toProse(schema.description)}</p>`
                    }${toSchemaView(schema, components.schemas)}
                  </article>`,
              )}
            </section>
          </main>
        </div>
      </body>
    </html> `;
  return { html: page.markup, policy: POLICY };
}

// Written apart from the page: the digest is of every character between the tags, spaces too.
const STYLE_TAG = new Html(`<style>${STYLE}</style>`);

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

interface Group {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly (Place & { readonly operation: Operation })[];
}

function toGroups({ tags, paths }: OpenapiDocument): readonly Group[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return tags.map(({ name, description = "" }) => {
    return { name, description, operations: all.filter(({ operation }) => operation.tags[0] === name) };
  });
}

function toMenu({ name, operations }: Group): Html {
  return html`<h2><a href="#tag-${name}">${name}</a></h2>
    <ul>
      ${operations.map(
        ({ method, operation: { operationId } }) =>
          html`<li>
            <a href="#${operationId}"><span class="method ${method}">${method.toUpperCase()}</span>${operationId}</a>
          </li>`,
      )}
    </ul>`;
}

/** Where there is no room for the menu. */
function toContents(groups: readonly Group[]): Html {
  return html`<details class="contents" open>
    <summary>Contents</summary>
    <ul>
      ${groups.map(({ name }) => html`<li><a href="#tag-${name}">${name}</a></li>`)}
      <li><a href="#schemas">schemas</a></li>
    </ul>
  </details>`;
}

function toSection({ name, description, operations }: Group, named: OpenapiDocument["components"]["schemas"]): Html {
  return html`<section id="tag-${name}">
    <h2>${name}</h2>
    <p>${toProse(description)}</p>
    ${operations.map(({ operation, ...place }) => toOperationView(place, operation, named))}
  </section>`;
}
