/** Pairs of accuracy and latency (ms), as the engine samples them from all that one algorithm has evaluated so far. */
export type EvaluatedPairs = ReadonlyMap<string, Float32Array>;

/** All algorithms' pairs one after the other. */
export function joinedPairs(pairs: EvaluatedPairs): Float32Array {
  const joined = new Float32Array([...pairs.values()].reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const own of pairs.values()) {
    joined.set(own, at);
    at += own.length;
  }
  return joined;
}
