// The description of what the server can be asked: for programs, and as a page for people.
export type { OpenapiDocument, Operation, Parameter, Schema } from "./document.ts";
export { type DocsPage, toDocsPage } from "./page/to-docs-page.ts";
export { type OpenapiInfo, toOpenapi } from "./to-openapi.ts";
