import { expectTypeOf, test } from "vitest";
import type { AuditEvent } from "../../src/ports/audit-sink.ts";
import type { AUDIT_FIELDS, AUDIT_TYPES } from "./audit-fields.ts";

test("an audit event has the fields that are pinned", () => {
  expectTypeOf<keyof AuditEvent>().toEqualTypeOf<(typeof AUDIT_FIELDS)[number]>();
});

test("an audit event is of a type that is pinned", () => {
  expectTypeOf<AuditEvent["type"]>().toEqualTypeOf<(typeof AUDIT_TYPES)[number]>();
});
