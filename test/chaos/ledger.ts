// What truly happened: the system behind the tools of a test, and the only witness that is believed afterwards.

export interface Order {
  readonly tool: string;
  readonly key: string;
  /** The call whose handler wrote it. */
  readonly callId: string;
  readonly amount: number;
  /** What the tool was given to pass on. */
  readonly passedKey: string | null;
}

export interface Entry extends Order {
  readonly receipt: number;
}

/** What the ledger answers, and what a tool gives on. */
export interface Receipt {
  readonly receipt: number;
  readonly amount: number;
}

export interface Ledger {
  /** Everything that was done, in order. */
  readonly entries: readonly Entry[];
  /** Does it again each time: knows no keys. */
  append(order: Order): Receipt;
  /** Does it once for each key that is passed on, and gives the same receipt again. */
  appendOnce(order: Order): Receipt;
  /** Of one tool and key of a caller. */
  find(tool: string, key: string): readonly Entry[];
  /** Done once under the key that was passed on. */
  findPassed(passedKey: string): Entry | undefined;
}

/** Creates an empty ledger. */
export function createLedger(): Ledger {
  const entries: Entry[] = [];
  const byKey = new Map<string, Entry[]>();
  const once = new Map<string, Entry>();
  const find = (tool: string, key: string): readonly Entry[] => byKey.get(`${tool} ${key}`) ?? [];
  const write = (order: Order): Entry => {
    const entry: Entry = { ...order, receipt: entries.length + 1 };
    entries.push(entry);
    byKey.set(`${order.tool} ${order.key}`, [...find(order.tool, order.key), entry]);
    return entry;
  };
  return {
    entries,
    append: (order) => toReceipt(write(order)),
    appendOnce(order) {
      const { passedKey } = order;
      const known = passedKey === null ? undefined : once.get(passedKey);
      const entry = known ?? write(order);
      if (passedKey !== null) once.set(passedKey, entry);
      return toReceipt(entry);
    },
    find,
    findPassed: (passedKey) => once.get(passedKey),
  };
}

export function toReceipt({ receipt, amount }: Entry): Receipt {
  return { receipt, amount };
}
