// The way out: what other folders may know of it.
export {
  createEgress,
  type Egress,
  type EgressCode,
  EgressError,
  type EgressOptions,
  type EgressRequest,
  type EgressResponse,
  type EgressStats,
  type Resolver,
} from "./egress.ts";
