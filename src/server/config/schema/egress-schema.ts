// `egress`: whom tools may ask, and which secrets go where.
import { z } from "zod";
import type { EgressConfig, EgressSettings } from "../egress-config.ts";
import { members, meta, networks, origins } from "./members.ts";

const REFERENCE = /^[a-z][a-z0-9+.-]{0,31}:[^\p{Cc}]{1,1024}$/u;

// Not the secret itself; should it be there, it is not repeated.
const reference = z
  .string()
  .regex(REFERENCE)
  .meta({ accepts: "a reference to a secret, such as vault:crm/token", secret: true });

const egress = members<EgressConfig>()({
  allowPrivate: meta(networks.default(false), {
    description: "Private networks that tools may reach: none, all, or those listed.",
  }),
  secrets: meta(z.record(reference, origins).default({}), {
    description: "Origins that each secret may be sent to, by its reference. What is not listed is sent nowhere.",
    accepts: 'an object such as { "vault:crm/token": ["https://crm.example.com"] }',
    open: true,
  }),
});

export const EGRESS_SCHEMA: z.ZodType<unknown, EgressConfig> = egress;

/** Every default filled in. Throws a ZodError for what `EGRESS_SCHEMA` refuses. */
export function toEgress(config: EgressConfig): EgressSettings {
  const { allowPrivate, secrets } = egress.parse(config);
  return { allowPrivate, secrets: new Map(Object.entries(secrets)) };
}
