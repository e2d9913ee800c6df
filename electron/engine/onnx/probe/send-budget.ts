/**
 * What a child sends of a model's first run, in numbers: enough for networks of twenty exits with 20 000 classes, and of
 * 100 000 operators. A file of some kilobytes can ask for gigabytes of them, which the parent would have to hold.
 */
export const sentNumbers = { outputs: 2_000_000, shapes: 1_000_000, dims: 1_000_000 } as const;

interface Sized {
  /** Numbers that sending it takes. */
  readonly numbers: number;
}

/** The smallest items that together keep to a budget, in the order given; class scores are small. */
export function withinBudget<Item extends Sized>(items: readonly Item[], budget: number): Item[] {
  const kept = new Set<Item>();
  let total = 0;
  for (const item of [...items].sort((a, b) => a.numbers - b.numbers)) {
    total += item.numbers;
    if (total > budget) break;
    kept.add(item);
  }
  return items.filter((item) => kept.has(item));
}
