// One operation: what it is for, what it takes, what it answers, and how to ask.
import type { Answer, Operation } from "../document.ts";
import { type Place, toCurl } from "./curl.ts";
import { html, type Html, toProse } from "./html.ts";
import { type Named, toRows, toSchemaView } from "./schema-view.ts";

const WHO: Readonly<Record<string, string>> = {
  public: "everybody",
  caller: "whoever is known",
  admin: "ADMIN of the tenant",
  operator: "ADMIN of the tenant default",
};

export function toOperationView(place: Place, operation: Operation, named: Named): Html {
  const { operationId, summary } = operation;
  const access = operation["x-toolyard-access"];
  return html`<article class="operation" id="${operationId}">
    <header>
      <h3><a href="#${operationId}">${operationId}</a></h3>
      <span class="access" title="Who may ask">${WHO[access] ?? access}</span>
    </header>
    <p class="request">
      <span class="method ${place.method}">${place.method.toUpperCase()}</span> <code>${toPath(place.path)}</code>
    </p>
    <p class="summary">${toProse(summary)}</p>
    <div class="columns">
      <div>${toParameterViews(operation, named)}${toBodyView(operation, named)}${toSuccessView(operation, named)}</div>
      <div class="side">
        <h4>Example</h4>
        <pre tabindex="0"><code>${toCurl(place, operation)}</code></pre>
        ${toRefusals(operation)}
      </div>
    </div>
  </article>`;
}

/** Long paths break between their parts. */
function toPath(path: string): Html {
  return html`${path.split(/(?=\/)/).map((part) => html`<wbr />${part}`)}`;
}

const PLACES = [
  ["path", "Path"],
  ["query", "Query"],
  ["header", "Headers"],
] as const;

function toParameterViews({ parameters = [] }: Operation, named: Named): readonly Html[] {
  return PLACES.map(([place, title]) => {
    const here = parameters.filter((parameter) => parameter.in === place);
    return here.length === 0
      ? html``
      : html`<h4>${title}</h4>
          ${toRows(here, named)}`;
  });
}

function toBodyView({ requestBody }: Operation, named: Named): Html | null {
  if (requestBody === undefined) return null;
  const { description, required, content } = requestBody;
  const schema = content["application/json"]?.schema ?? {};
  return html`<h4>Body ${required ? html`<span class="must">required</span>` : null}</h4>
    ${description === undefined ? null : html`<p>${toProse(description)}</p>`} ${toSchemaView(schema, named)}`;
}

function toSuccessView({ responses }: Operation, named: Named): readonly Html[] {
  const answers = Object.entries(responses).filter(([, answer]) => !isRefusal(answer));
  return answers.map(([status, { description, content = {} }]) => {
    const types = Object.entries(content);
    return html`<h4>Answer <span class="status">${status}</span></h4>
      ${types.length === 0 ? html`<p>${description}</p>` : null}
      ${types.map(
        ([type, { schema }]) =>
          html`${types.length > 1 ? html`<p class="media"><code>${type}</code></p>` : null}
          ${type === "text/event-stream" ? html`<p>${toProse(schema.description ?? "")}</p>` : toSchemaView(schema, named)}`,
      )}`;
  });
}

function toRefusals({ responses }: Operation): Html {
  const refusals = Object.entries(responses).filter(([status, answer]) => isRefusal(answer) && status !== "default");
  return html`<details class="refusals">
    <summary>Refusals (${refusals.length})</summary>
    <dl>
      ${refusals.map(
        ([status, { description }]) =>
          html`<dt>${status}</dt>
            <dd>${description.split("\n\n").map((line) => html`<p>${toProse(line)}</p>`)}</dd>`,
      )}
    </dl>
  </details>`;
}

function isRefusal({ content = {} }: Answer): boolean {
  return Object.hasOwn(content, "application/problem+json");
}
