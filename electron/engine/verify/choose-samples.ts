/**
 * Some samples of a split, class by class in proportion: of each class the whole part of its share, and one more of the
 * classes that come first for what is left. A split lies in seeded random order, so the first of a class are a fair sample of
 * it, and little has to be read besides.
 * @param labels class per sample, in the split's order
 * @param count how many are wanted
 * @returns their places, rising; all if as many are wanted
 */
export function chooseSamples(labels: Int32Array, count: number): Int32Array {
  const samples = labels.length;
  if (count >= samples) return Int32Array.from({ length: samples }, (_, sample) => sample);
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const left = new Map([...sizes].map(([label, size]) => [label, Math.floor((count * size) / samples)]));
  let spare = count - [...left.values()].reduce((sum, quota) => sum + quota, 0);
  const chosen: number[] = [];
  for (let sample = 0; chosen.length < count; sample++) {
    const quota = left.get(labels[sample])!;
    // One beyond its quota, a class has had its share of what is left over.
    if (quota === 0 && spare > 0) spare--;
    else if (quota <= 0) continue;
    left.set(labels[sample], quota - 1);
    chosen.push(sample);
  }
  return Int32Array.from(chosen);
}
