import { type Random, randomInteger, randomNormal } from "../../base/random.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import { type ExitOutputs, normaliseScores, plainColumns } from "../exit-outputs.ts";

/** Outputs that see the class more clearly the later they stand, each with noise of its own. */
export function madeUpOutputs(random: Random, samples: number, exits: number, classes = 4): ExitOutputs {
  const labels = Int32Array.from({ length: samples }, () => randomInteger(random, classes));
  const logProbabilities = Array.from({ length: exits + 1 }, (_, row) => {
    const scores = Float32Array.from({ length: samples * classes }, (_, at) => {
      const isClass = at % classes === labels[Math.floor(at / classes)];
      return 1.5 * randomNormal(random) + (isClass ? 1.5 + row : 0);
    });
    normaliseScores(scores, classes);
    return scores;
  });
  return { classes, labels, logProbabilities };
}

/** The space of plans without memory at these outputs: exits at 1, 2, … ms, a tenth for each head. */
export function spaceOfOutputs(outputs: ExitOutputs, levels: number): SearchSpace {
  const columns = plainColumns(outputs);
  const exits = columns.length - 1;
  return {
    samples: outputs.labels.length,
    candidates: columns.slice(0, exits).map(({ confidence, correct }, position) => ({
      position,
      cutPoint: `cut-${position}`,
      head: "linear",
      policy: "top1",
      prefixMs: position + 1,
      headMs: 0.1,
      prefixMacs: 1000 * (position + 1),
      headMacs: 10,
      headBytes: 40,
      confidence,
      correct,
    })),
    backboneCorrect: columns[exits].correct,
    backboneMs: exits + 1,
    backboneMacs: 1000 * (exits + 1),
    backboneBytes: 4000,
    maxExits: exits,
    levels,
  };
}
