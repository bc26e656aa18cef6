// Full-text search over the bundled documents.
import type MiniSearch from "minisearch";
import { Role, type AnyTool } from "../../../index.ts";
import { defineTool, type DemoApp } from "../demo-app.ts";
import { DOCUMENTS, type Document } from "./documents.ts";
import { toTerm, toWords } from "../../../kernel/search-terms.ts";

let loading: Promise<MiniSearch<Document>> | null = null;

function loadIndex(): Promise<MiniSearch<Document>> {
  loading ??= import("minisearch").then(({ default: Index }) => {
    const index = new Index<Document>({
      fields: ["id", "title", "text"],
      storeFields: ["title", "text"],
      tokenize: toWords,
      processTerm: toTerm,
      searchOptions: {
        boost: { id: 3, title: 2, text: 1 },
        prefix: (term) => term.length > 3,
        fuzzy: (term) => (term.length > 5 ? 0.2 : false),
      },
    });
    index.addAll(DOCUMENTS);
    return index;
  });
  return loading;
}

export const searchDocuments: AnyTool<DemoApp> = defineTool({
  name: "docs.search",
  version: "1.0.0",
  title: "Search the documents",
  description:
    "Search this project's short documents (tools, versions, roles, quotas, errors, metering …). Returns the best ones with their text.",
  tags: ["text"],
  effect: "read",
  access: { roles: [Role.USER] },
  cost: 2,
  input: {
    type: "object",
    properties: {
      query: { type: "string", minLength: 1, maxLength: 200, description: "Words to look for." },
      limit: { type: "integer", minimum: 1, maximum: 10, description: "At most this many. 3 when left out." },
    },
    required: ["query"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: {
      found: { type: "integer" },
      documents: {
        type: "array",
        items: {
          type: "object",
          properties: {
            id: { type: "string" },
            title: { type: "string" },
            text: { type: "string" },
            score: { type: "number" },
          },
          required: ["id", "title", "text", "score"],
        },
      },
    },
    required: ["found", "documents"],
  },
  examples: [{ query: "how do quotas refill" }, { query: "retired version", limit: 1 }],
  async handler(input) {
    const { query, limit = 3 } = input as { query: string; limit?: number };
    const hits = (await loadIndex()).search(query);
    const documents = hits.slice(0, limit).map((hit) => ({
      id: hit.id as string,
      title: hit["title"] as string,
      text: hit["text"] as string,
      score: Number(hit.score.toFixed(2)),
    }));
    return { found: hits.length, documents };
  },
});
