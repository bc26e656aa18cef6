// The registry over HTTP: every route there is.
import type { RestRoute } from "./parts.ts";
import { AUDIT_ROUTES } from "./routes/audit.ts";
import { BINDING_ROUTES } from "./routes/bindings.ts";
import { CALL_ROUTES } from "./routes/calls.ts";
import { CATALOGUE_ROUTES } from "./routes/catalogue.ts";
import { KEY_ROUTES } from "./routes/keys.ts";
import { OUTCOME_ROUTES } from "./routes/outcomes.ts";
import { QUOTA_ROUTES } from "./routes/quotas.ts";
import { SERVICE_ROUTES } from "./routes/service.ts";
import { SETTING_ROUTES } from "./routes/settings.ts";
import { STOP_ROUTES } from "./routes/stops.ts";
import { TOOL_ROUTES } from "./routes/tools.ts";
import { USAGE_ROUTES } from "./routes/usage.ts";

/** In the order of the document. */
export const ROUTES: readonly RestRoute[] = [
  ...TOOL_ROUTES,
  ...CALL_ROUTES,
  ...BINDING_ROUTES,
  ...CATALOGUE_ROUTES,
  ...OUTCOME_ROUTES,
  ...QUOTA_ROUTES,
  ...USAGE_ROUTES,
  ...AUDIT_ROUTES,
  ...KEY_ROUTES,
  ...SETTING_ROUTES,
  ...STOP_ROUTES,
  ...SERVICE_ROUTES,
];

export type { Readiness, RestParts, RestRoute } from "./parts.ts";
