// What the groups of operations are about, in the order of the document.

export const TAGS: Readonly<Record<string, string>> = Object.freeze({
  tools: "The tools that the caller may see, with their schemas.",
  calls: "Calling a tool.",
  bindings: "The caller's tools in the format of a model provider, and calls that a model made.",
  catalogue: "Publishing versions, and their lives: channels, defaults, rollouts, deprecation, retirement.",
  outcomes: "Calls whose effect is not known, and what became of them.",
  quotas: "What is left of quotas, and other measures for single principals.",
  usage: "What was called, by whom, and what it cost.",
  audit: "The trail of calls and acts.",
  keys: "API keys of a tenant.",
  settings: "What operators set at run time: roles, grants, limits, permissions, principals.",
  stops: "The kill switch.",
  service: "The server itself: whether it lives and takes work, and who one is to it.",
});
