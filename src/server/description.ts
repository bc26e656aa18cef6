// What the server says of itself, made when it is first asked for: not every server is.
import type { ServerSettings } from "./config/index.ts";
import { type DocsPage, type OpenapiDocument, toDocsPage, toOpenapi } from "./openapi/index.ts";
import { type RestParts, ROUTES } from "./rest/index.ts";

/** @param settings whether it is shown */
export function createDescription(
  version: string,
  settings: () => ServerSettings,
): Pick<RestParts, "openapi" | "docs"> {
  let document: OpenapiDocument | null = null;
  let text: string | null = null;
  let page: DocsPage | null = null;
  const toDocument = (): OpenapiDocument => (document ??= toOpenapi(ROUTES, { version }));
  return {
    openapi: () => (settings().openapi ? (text ??= JSON.stringify(toDocument())) : null),
    docs: () => (settings().docs ? (page ??= toDocsPage(toDocument())) : null),
  };
}
