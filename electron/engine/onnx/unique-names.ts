/** Names that are given once. */
export interface UniqueNames {
  has(name: string): boolean;
  /** Takes a name, or where it is taken, the same with a suffix. */
  take(wanted: string): string;
}

/** Names taken from now on. The next suffix of each name is remembered: a file may want one name a hundred thousand times. */
export function uniqueNames(): UniqueNames {
  const taken = new Set<string>();
  const suffixes = new Map<string, number>();
  const take = (wanted: string) => {
    let name = wanted;
    for (let next = suffixes.get(wanted) ?? 1; taken.has(name); next++) {
      name = `${wanted}_${next > 1 ? next : ""}`;
      suffixes.set(wanted, next + 1);
    }
    taken.add(name);
    return name;
  };
  return { has: (name) => taken.has(name), take };
}
