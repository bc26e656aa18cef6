// Parts that may stand beside a structured output: what models and people look at rather than compute with.

export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly data: string; readonly mimeType: string }
  | { readonly type: "file"; readonly data: string; readonly mimeType: string; readonly name: string }
  | { readonly type: "resource"; readonly uri: string; readonly mimeType?: string; readonly text?: string };

/** `data` is base64. */
export type ContentPartType = ContentPart["type"];
