import { plainColumns } from "./exit-outputs.ts";
import type { MemoryKind, MemoryPolicy } from "./memory-policy.ts";

/**
 * A sample leaves where so many successive exits have given one answer (Zhou et al. 2020, arXiv 2006.04152); how many, each
 * exit's threshold says.
 */
export const patience: MemoryKind = {
  id: "patience",
  title: "patience",
  fit: () => [{ columns: (outputs) => countedAgreements(outputs, (agreeing) => agreeing) }],
};

/**
 * The same with confidence: a sample leaves where more successive exits agree than the threshold wants, or just as many and the
 * last is confident. There is a policy for each number of exits from two on past which more agreement counts no more.
 */
export const confidentPatience: MemoryKind = {
  id: "confident-patience",
  title: "patience, confidence",
  fit: ({ logProbabilities }) =>
    Array.from({ length: logProbabilities.length - 2 }, (_, index): MemoryPolicy => {
      const most = index + 2;
      return {
        columns: (outputs) =>
          countedAgreements(outputs, (agreeing, confidence) => Math.min(agreeing, most) - 1 + confidence),
      };
    }),
};

/** @param score of how many exits up to an exit gave its answer one after the other, itself included, and its confidence */
function countedAgreements(
  outputs: Parameters<MemoryPolicy["columns"]>[0],
  score: (agreeing: number, confidence: number) => number,
) {
  const columns = plainColumns(outputs);
  let agreeing = new Uint8Array(outputs.labels.length);
  return columns.map((column, exit) => {
    const { predicted } = column;
    const before = exit > 0 ? columns[exit - 1].predicted : undefined;
    agreeing = agreeing.map((count, sample) => (before?.[sample] === predicted[sample] ? count + 1 : 1));
    const confidence = column.confidence.map((own, sample) => score(agreeing[sample], own));
    return { ...column, confidence };
  });
}
