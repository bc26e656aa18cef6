// What is wrong with data from outside, in the words of the project.
export { toAccepted } from "./accepted.ts";
export { isPlainObject, toReceived } from "./received.ts";
export { toInner, toKnownKeys, toMeta, toStep } from "./schema-steps.ts";
export { toProblems } from "./to-problems.ts";
