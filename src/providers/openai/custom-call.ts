// Calls of custom tools, which take text: nobody offers any, so all are refused.

/** What a model is told that called a tool as a custom one. */
export const CUSTOM_PROBLEM = "The tool is a function; call it as a function, with JSON arguments.";
