// What is wrong with data from outside, in the words of the project.
export { toAccepted } from "./accepted.ts";
export { isPlainObject, toReceived } from "./received.ts";
export { toMeta, toOptions, toStep } from "./schema-steps.ts";
export { toPathText, toProblems } from "./to-problems.ts";
