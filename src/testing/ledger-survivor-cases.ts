// What a ledger that outlives its process has to do when it is opened again.
import { strict as assert } from "node:assert";
import type { AuditEvent } from "../ports/audit-sink.ts";
import { AT, begin, end, type LedgerCase, type OpenedLedger, read, tell, toKey } from "./ledger-case.ts";

type Survivor = OpenedLedger & { again(other: "killed" | "beside"): Promise<OpenedLedger> };

export const SURVIVORS: readonly LedgerCase[] = [
  [
    "what was acknowledged is there when its process was killed, and what was open is listed as unknown",
    async (opened) => {
      await begin(opened, "ended", "k1");
      await opened.idempotency.store(toKey("k1"), "ended", '{"ok":true}', null);
      await end(opened, "ended");
      await begin(opened, "open", "k2");
      const next = await (opened as Survivor).again("killed");
      assert.deepEqual(await tell(next), [
        "call.intended ended",
        "call.intended open",
        "call.recovered open",
        "call.succeeded ended",
      ]);
      const unknown = {
        id: "open",
        tenant: "t",
        principal: "alice",
        tool: "orders.refund",
        version: "1.2.0",
        code: "OUTCOME_UNKNOWN",
        at: AT,
        idempotencyKey: "k2",
      };
      assert.deepEqual(next.ledger.recovered, [unknown]);
      assert.deepEqual(await next.outcomes.list({}), [unknown]);
      assert.deepEqual(await next.reader.openCalls(), []);
      assert.equal((await next.idempotency.read(toKey("k2")))?.state, "abandoned");
      assert.equal((await next.idempotency.read(toKey("k1")))?.state, "stored");
    },
  ],
  [
    "a call whose outcome is kept under its key is known, though its event is missing",
    async (opened) => {
      await begin(opened, "a", "k");
      await opened.idempotency.store(toKey("k"), "a", '{"ok":true,"output":1}', null);
      const next = await (opened as Survivor).again("killed");
      assert.deepEqual(next.ledger.recovered, []);
      assert.deepEqual(await next.outcomes.list({}), []);
      const recovered = (await read(next)).find(({ kind }) => kind === "call.recovered");
      assert.equal((JSON.parse(recovered?.bodyText ?? "{}") as AuditEvent).effect, "applied");
      assert.deepEqual(await next.reader.openCalls(), []);
    },
  ],
  [
    "two that write to one place have a chain each, share the keys, and leave each other's calls alone",
    async (opened) => {
      await begin(opened, "a", "k");
      const other = await (opened as Survivor).again("beside");
      assert.deepEqual(other.ledger.recovered, []);
      assert.equal(await begin(other, "b", "k"), false);
      assert.equal(await begin(other, "c", "k2"), true);
      assert.equal(await begin(opened, "d", "k2"), false);
      const ids = Array.from({ length: 50 }, (_, index) => `key_${index}`);
      const granted = await Promise.all(
        ids.flatMap((id) => [begin(opened, `one_${id}`, id), begin(other, `other_${id}`, id)]),
      );
      assert.equal(granted.filter(Boolean).length, ids.length);
      await end(opened, "a");
      await end(other, "c");
      const open = await opened.reader.openCalls();
      assert.equal(open.length, ids.length);
      assert.equal((await opened.reader.chains()).length, 2);
    },
  ],
  [
    "a chain names the others' heads when it begins",
    async (opened) => {
      await begin(opened, "a");
      const [before] = await opened.reader.chains();
      const next = await (opened as Survivor).again("killed");
      const chains = await next.reader.chains();
      const writer = chains.map((chain) => chain.writer).find((id) => id !== before?.writer) ?? "";
      const [first] = await next.reader.chain(writer, 0, 1);
      const { anchors } = JSON.parse(first?.bodyText ?? "{}") as { readonly anchors: readonly unknown[] };
      assert.deepEqual(anchors, [{ writer: before?.writer, seq: before?.seq, hash: before?.hash }]);
    },
  ],
];
