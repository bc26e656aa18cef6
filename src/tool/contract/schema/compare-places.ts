// What is different in what two schemas say to their readers, place by place.
import { isObject } from "../../../kernel/json.ts";
import { invariant } from "../../../kernel/invariant.ts";
import { type ContractChange, toChange, toPointerToken } from "../contract-change.ts";
import { judgeText } from "../compare-text.ts";
import { findHiddenCharacter } from "../../hidden-character.ts";
import type { Side } from "./side.ts";
import { collectAllTexts, collectTexts, type TextPlace, type TextPlaces } from "./text-places.ts";
import type { SchemaDocument } from "./document.ts";
import { withoutValues } from "./value-list.ts";

/** What of one keyword is said at one place before and not after, and the reverse. */
interface Said {
  readonly place: TextPlace;
  readonly keyword: string;
  readonly isInBoth: boolean;
  readonly isNew: boolean;
  gone: unknown[];
  come: unknown[];
}

/** Says nothing by itself about a member that is new. */
const OF_KNOWN_PLACES: ReadonlySet<string> = new Set(["default", "deprecated", "readOnly", "writeOnly"]);

/** The changes in what `before` and `after` say to their readers. `path`: where the schemas are. */
export function compareTexts(
  before: SchemaDocument,
  after: SchemaDocument,
  side: Side,
  path: string,
): readonly ContractChange[] {
  const [old, now] = [collectTexts(before), collectTexts(after)];
  if (!old.isWhole || !now.isWhole) return compareAnywhere(before, after, side, path);
  const said = collectSaid(old, now);
  cancelMoved(said);
  return said.flatMap((one) => tell(one, side, path));
}

/** What is said anywhere: where references double, places are too many to be told apart. */
function compareAnywhere(
  before: SchemaDocument,
  after: SchemaDocument,
  side: Side,
  path: string,
): readonly ContractChange[] {
  const [old, now] = [collectAllTexts(before.root), collectAllTexts(after.root)];
  const [gone, come] = [withoutValues(old, now), withoutValues(now, old)];
  if (gone.length === 0 && come.length === 0) return [];
  const message = `${come.length} texts for models are new and ${gone.length} are gone, here or below`;
  const told = [toChange("instruction", path, message, { before: gone, after: come })];
  const defaults = gone.filter((text) => isObject(text) && Object.hasOwn(text, "default"));
  if (side === "output" || defaults.length === 0) return told;
  return [toChange("breaking", path, "has other defaults, here or below", { before: defaults }), ...told];
}

function collectSaid({ places: old }: TextPlaces, { places: now }: TextPlaces): readonly Said[] {
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [one, other] = [old.get(key), now.get(key)];
    const place = other ?? one;
    invariant(place !== undefined, "a key is of a place");
    const keywords = new Set([...(one?.texts.keys() ?? []), ...(other?.texts.keys() ?? [])]);
    return [...keywords].map((keyword): Said => {
      const [texts, textsNow] = [one?.texts.get(keyword) ?? [], other?.texts.get(keyword) ?? []];
      return {
        place,
        keyword,
        isInBoth: one !== undefined && other !== undefined,
        isNew: one === undefined,
        gone: withoutValues(texts, textsNow),
        come: withoutValues(textsNow, texts),
      };
    });
  });
}

/**
 * A text that is said of another alternative of the same place, because that alternative has changed, is no new text. Where
 * both alternatives were there before, it is: two descriptions that have changed places mislead.
 */
function cancelMoved(all: readonly Said[]): void {
  const groups = Map.groupBy(all, ({ place, keyword }) => `${keyword} ${place.base}`);
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    for (const one of group) {
      for (const other of group) {
        if (one === other || (one.isInBoth && other.isInBoth)) continue;
        const gone = withoutValues(one.gone, other.come);
        other.come = withoutValues(other.come, one.gone);
        one.gone = gone;
      }
    }
  }
}

function tell(said: Said, side: Side, path: string): readonly ContractChange[] {
  const { keyword, gone, come, isInBoth, isNew, place } = said;
  if (gone.length === 0 && come.length === 0) return [];
  // What was said of a member that is gone, is gone with it.
  if (!isInBoth && (!isNew || OF_KNOWN_PLACES.has(keyword))) return [];
  const where = `${path}${place.pointer}${keyword === "name" ? "" : toPointerToken(keyword)}`;
  const shown = { before: toOne(gone), after: toOne(come) };
  if (keyword === "default" && side === "input" && gone.length > 0)
    return [toChange("breaking", where, "is another default: whoever leaves it out meets another effect", shown)];
  const [before, after] = [shown.before, shown.after];
  if (typeof before === "string" && typeof after === "string") {
    const [kind, message] = judgeText(before, after);
    return [toChange(kind, where, message, shown)];
  }
  return [toChange("instruction", where, toMessage(come), shown)];
}

function toMessage(come: readonly unknown[]): string {
  const hidden = come
    .map((text) => (typeof text === "string" ? findHiddenCharacter(text) : null))
    .find((one) => one !== null);
  if (hidden !== undefined) return `is a text for models with a character that cannot be seen, ${hidden}`;
  return come.length === 0 ? "is no longer said to models" : "is a new text for models";
}

function toOne(values: readonly unknown[]): unknown {
  return values.length < 2 ? values[0] : values;
}
