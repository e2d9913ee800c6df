import { type Random, randomInteger } from "../../../../shared/base/random.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileFiniteNumber, hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import { type ProjectSubject, setBytes } from "../project-subject.ts";

/** A place in JSON: an object or array, and a key in it. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown): Place[] {
  if (!value || typeof value !== "object") return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

/** JSON has no infinity, but a number that is read as one. */
const infinity = "\u0001infinity";

function onPlace(id: string, change: (place: Place, random: Random) => void): Mutator<ProjectSubject> {
  return {
    id,
    mutate: (subject, random) => {
      const texts = subject.members.flatMap(({ name }, at) =>
        /\.json$/.test(name) && name !== "seal.json" ? [at] : [],
      );
      if (texts.length === 0) return false;
      const at = pick(random, texts);
      const value = parsed(subject.members[at].bytes);
      const places = placesIn(value);
      if (places.length === 0) return false;
      change(pick(random, places), random);
      const text = JSON.stringify(value).replaceAll(JSON.stringify(infinity), "1e999");
      setBytes(subject, at, new TextEncoder().encode(text));
      return true;
    },
  };
}

/** @returns undefined where an earlier mutation left no JSON */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

export const jsonNumber = onPlace("json-number", ({ holder, key }, random) => {
  holder[key] = random() < 0.1 ? infinity : hostileFiniteNumber(random);
});

export const jsonText = onPlace("json-text", ({ holder, key }, random) => {
  holder[key] = hostileName(random);
});

export const jsonOtherType = onPlace("json-other-type", ({ holder, key }, random) => {
  holder[key] = pick<unknown>(random, [null, true, [], {}, [[]], { a: 1 }, [null]]);
});

export const jsonMissing = onPlace("json-missing", ({ holder, key }) => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
});

/** Another value from elsewhere in the same file: plausible, and wrong. */
export const jsonNeighbour: Mutator<ProjectSubject> = {
  id: "json-neighbour",
  mutate: (subject, random) => {
    let other: unknown;
    const take = onPlace("take", ({ holder, key }) => {
      other = structuredClone(holder[key]);
    });
    if (!take.mutate(subject, random)) return false;
    return onPlace("put", ({ holder, key }) => {
      holder[key] = other;
    }).mutate(subject, random);
  },
};

/** Lists of the same item, up to many thousands. */
export const jsonRepeat = onPlace("json-repeat", ({ holder, key }, random) => {
  const item = holder[key];
  const length = JSON.stringify(item)?.length ?? 1;
  const list = Array.from({ length: manyTimes(random, Math.max(2, Math.floor(3e6 / length))) }, () => item);
  if (Array.isArray(holder)) holder.splice(Number(key), 0, ...list.slice(0, 50_000));
  else holder[key] = list;
});

export const jsonNested = onPlace("json-nested", ({ holder, key }, random) => {
  let value: unknown = 1;
  for (let depth = manyTimes(random, 3000); depth > 0; depth--) value = random() < 0.5 ? [value] : { value };
  holder[key] = value;
});

/** Text that is no JSON, or more than one. */
export const jsonBroken: Mutator<ProjectSubject> = {
  id: "json-broken",
  mutate: (subject, random) => {
    const at = randomInteger(random, subject.members.length);
    if (!subject.members[at]?.name.endsWith(".json")) return false;
    const text = pick(random, [
      "",
      "{",
      "[".repeat(200_000),
      "null",
      "\ufeff{}",
      "NaN",
      '{"__proto__":{"version":2}}',
    ]);
    setBytes(subject, at, new TextEncoder().encode(text));
    return true;
  },
};
