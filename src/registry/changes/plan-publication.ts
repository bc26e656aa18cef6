// What publishing tools comes to: which versions are new, which are here already, and which are stored and get their code now.
// Pure: nothing is looked up and nothing changes; the contracts that have to be held against each other are named.
import { toProblemsError, type Problem } from "../../errors/toolyard-error.ts";
import semver from "semver";
import type { Change } from "../../ports/catalog-store.ts";
import type { PublishedTool, ToolVersion } from "../../tool/tool-version.ts";
import {
  type AbsentVersion,
  createEntry,
  createToolEntry,
  type Entry,
  type ToolEntry,
  withChange,
  withVersion,
} from "../entry.ts";

/** `bump`: the nearest lower release. `redefinition`: what is stored under the same version. `canary`: what it answers for. */
export interface ContractCheck {
  readonly kind: "bump" | "redefinition" | "canary";
  readonly after: ToolVersion;
  readonly before: string;
  /** null: its definition is in the store. */
  readonly definition: ToolVersion | null;
}

export interface Publication {
  /** One for each tool, in order. */
  readonly entries: readonly Entry[];
  /** The tools that are not as they were. */
  readonly tools: ReadonlyMap<string, ToolEntry>;
  /** Versions that the catalogue did not have. */
  readonly added: readonly Entry[];
  /** Stored versions whose definition is another one now. */
  readonly redefined: readonly Entry[];
  readonly checks: readonly ContractCheck[];
}

export interface PublicationOptions {
  readonly change: Change;
  /** What a version that is added to a known tool is at first. */
  readonly status: "active" | "staged";
  /** Whether what is stored under the same version may be defined otherwise from now on, as code is that was changed. @default true */
  readonly redefines?: boolean;
}

/** What publishing `published` comes to among the tools that `find` finds. Throws ALREADY_PUBLISHED. */
export function planPublication(
  find: (name: string) => ToolEntry | undefined,
  published: readonly PublishedTool[],
  options: PublicationOptions,
): Publication {
  const planner = new Planner(find, options);
  for (const tool of published) planner.add(tool);
  return planner.finish();
}

class Planner {
  readonly #find: (name: string) => ToolEntry | undefined;
  readonly #options: PublicationOptions;
  readonly #tools = new Map<string, ToolEntry>();
  readonly #entries: Entry[] = [];
  readonly #added: Entry[] = [];
  readonly #redefined: Entry[] = [];
  readonly #problems: Problem[] = [];

  constructor(find: (name: string) => ToolEntry | undefined, options: PublicationOptions) {
    this.#find = find;
    this.#options = options;
  }

  add(published: PublishedTool): void {
    const { name, version, digest } = published.version;
    const tool = this.#tools.get(name) ?? this.#find(name) ?? createToolEntry(name, []);
    const existing = tool.versions.find((entry) => entry.tool.version.version === version);
    if (existing !== undefined) {
      // The handler of a tool that is data says nothing that its digest does not.
      const isSame =
        existing.tool.version.digest === digest &&
        (existing.tool.definition.handler === published.definition.handler || published.version.source !== undefined);
      // The same content again is no change (a module loaded twice); other content under a published version is.
      if (isSame) this.#entries.push(existing);
      else
        this.#problems.push({ path: `${name}@${version}`, message: alreadyPublished(existing.tool.version, digest) });
      return;
    }
    const absent = tool.absent.find((one) => one.version === version);
    if (absent === undefined) this.#addNew(tool, published);
    else if (absent.digest !== digest && this.#options.redefines === false)
      this.#problems.push({ path: `${name}@${version}`, message: alreadyPublished(absent, digest) });
    else this.#attach(tool, absent, published);
  }

  finish(): Publication {
    if (this.#problems.length > 0) {
      throw toProblemsError(
        "ALREADY_PUBLISHED",
        "A published version is immutable; nothing was registered.",
        this.#problems,
      );
    }
    const [added, redefined] = [this.#added, this.#redefined];
    const bumps = added.flatMap((entry) => this.#toBump(entry));
    const redefinitions = redefined.map(({ tool: { version } }): ContractCheck => {
      return { kind: "redefinition", after: version, before: version.version, definition: null };
    });
    const checks = [...bumps, ...redefinitions];
    return { entries: this.#entries, tools: this.#tools, added, redefined, checks };
  }

  #addNew(tool: ToolEntry, published: PublishedTool): void {
    const { change, status } = this.#options;
    // Of a tool that is new nobody could call anything if its versions were staged.
    const isKnown = tool.revision > 0 && this.#find(tool.name) !== undefined;
    const entry = createEntry(published, { status: isKnown ? status : "active", change });
    this.#entries.push(entry);
    this.#added.push(entry);
    this.#put(tool, withVersion(tool.versions, entry), tool.absent, true);
  }

  /** The state of a stored version is what it was; only its code has come. */
  #attach(tool: ToolEntry, absent: AbsentVersion, published: PublishedTool): void {
    const entry = createEntry(published, absent);
    const isRedefined = absent.digest !== published.version.digest;
    this.#entries.push(entry);
    if (isRedefined) this.#redefined.push(entry);
    this.#put(
      tool,
      withVersion(tool.versions, entry),
      tool.absent.filter((one) => one !== absent),
      isRedefined,
    );
  }

  #put(tool: ToolEntry, versions: readonly Entry[], absent: readonly AbsentVersion[], isChange: boolean): void {
    const { name, revision, change, steering } = tool;
    const before = this.#find(name)?.revision ?? 0;
    // However many versions are added at once, it is one change of the tool.
    const isFirst = isChange && revision === before;
    const parts = { versions, absent };
    this.#tools.set(
      name,
      isFirst
        ? withChange(tool, this.#options.change, parts)
        : createToolEntry(name, versions, { revision, change, absent, steering }),
    );
  }

  /** The nearest lower release is what a new version is held against, wherever its code is. */
  #toBump({ tool: { version } }: Entry): readonly ContractCheck[] {
    const tool = this.#tools.get(version.name);
    const here = (tool?.versions ?? []).map((entry) => entry.tool.version);
    const known = new Map<string, ToolVersion | null>([
      ...(tool?.absent ?? []).map((one) => [one.version, null] as const),
      ...here.map((one) => [one.version, one] as const),
    ]);
    const before = [...known.keys()]
      .filter((other) => semver.prerelease(other) === null && semver.lt(other, version.version))
      .sort(semver.rcompare)[0];
    if (before === undefined) return [];
    return [{ kind: "bump", after: version, before, definition: known.get(before) ?? null }];
  }
}

function alreadyPublished(existing: Pick<ToolVersion, "digest">, digest: string): string {
  if (existing.digest === digest) {
    return "is published with the same definition and another handler; unregister it first, or raise the version";
  }
  const published = existing.digest.slice(0, 19);
  return `is published with other content (${published}…, received ${digest.slice(0, 19)}…); raise the version`;
}
