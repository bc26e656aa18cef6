// Reads the configuration again when its file changes. All or nothing: a file that is wrong changes nothing.
import { statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { systemClock, type Clock, type Timer } from "../../kernel/clock.ts";
import { type ConfigDifference, diffConfig } from "./diff-config.ts";
import type { Environment } from "./environment.ts";
import { resolveConfig, type ResolvedConfig } from "./resolve-config.ts";

export interface WatchConfigOptions {
  /** Absolute. */
  readonly file: string;
  readonly env: Environment;
  /** What flags say, by path; they stay over what a new file says. @default nothing */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /** What is in force. @default what the file says when watching begins */
  readonly current?: ResolvedConfig | undefined;
  /** Told of a configuration that differs from the one in force, which it then is. May be asynchronous. */
  readonly onChange: (next: ResolvedConfig, changes: readonly ConfigDifference[]) => unknown;
  /** Told of a configuration that cannot be used, and of what `onChange` threw: what was in force still is. */
  readonly onProblem: (error: unknown) => void;
  /** @default the process's */
  readonly clock?: Clock | undefined;
}

export interface ConfigWatch {
  /** Reads the file now. Resolves when it is applied, or has been told as a problem. Never rejects. */
  reload(): Promise<void>;
  close(): void;
}

/** How long a file has to be left alone before it is read: editors write in several steps. */
const SETTLE_MS = 100;

/**
 * Watches a configuration file. Of a program that file alone is read anew: modules that it imports stay as they were loaded.
 * Throws when the folder of the file cannot be watched.
 */
export function watchConfig(options: WatchConfigOptions): ConfigWatch {
  const { file, env, overrides, onChange, onProblem, clock = systemClock } = options;
  let timer: Timer | null = null;
  let reads = 0;
  let isClosed = false;
  const read = (): Promise<ResolvedConfig> =>
    resolveConfig({ path: file, from: dirname(file), env, overrides, version: toVersion(file, ++reads) });
  let current = options.current;
  // One after another: what is read last is in force last.
  let queue: Promise<void> = current === undefined ? begin() : Promise.resolve();

  async function begin(): Promise<void> {
    try {
      current = await read();
    } catch (error) {
      onProblem(error);
    }
  }

  async function apply(): Promise<void> {
    if (isClosed) return;
    try {
      const next = await read();
      const changes = diffConfig(current?.config ?? {}, next.config);
      if (isClosed || changes.length === 0) return;
      await onChange(next, changes);
      current = next;
    } catch (error) {
      onProblem(error);
    }
  }

  const reload = (): Promise<void> => {
    queue = queue.then(apply);
    return queue;
  };
  const stop = (): void => {
    if (timer !== null) clock.clearTimer(timer);
    timer = null;
  };
  // The folder, not the file: an editor may put another file in its place.
  const watcher = watch(dirname(file), (_event, name) => {
    if (isClosed || (name !== null && name !== basename(file))) return;
    stop();
    timer = clock.setTimer(SETTLE_MS, () => {
      timer = null;
      void reload();
    });
  });
  watcher.on("error", onProblem);
  watcher.unref();
  return {
    reload,
    close() {
      isClosed = true;
      stop();
      watcher.close();
    },
  };
}

/** Another one for each content, so that a program is not taken from the modules that were loaded before. */
function toVersion(file: string, reads: number): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return `${stats?.mtimeMs ?? 0}-${stats?.ino ?? 0}-${reads}`;
}
