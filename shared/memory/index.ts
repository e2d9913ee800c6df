import { geometricEnsemble } from "./geometric-ensemble.ts";
import { learnedScores } from "./learned-scores.ts";
import type { MemoryKind } from "./memory-policy.ts";
import { memoryless } from "./memoryless.ts";
import { confidentPatience, patience } from "./patience.ts";

/** All kinds of policies with memory, after the one without. */
export const memoryKinds: readonly MemoryKind[] = [
  memoryless,
  patience,
  confidentPatience,
  geometricEnsemble,
  learnedScores,
];
