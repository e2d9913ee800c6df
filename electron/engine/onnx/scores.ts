import { type BackboneOutput, scoreCount } from "../../../shared/model/backbone.ts";

/** Above it a single score means class 1. */
const boundary = { logits: 0, probabilities: 0.5 } as const;

/**
 * The class that each row of a model's own scores answers: the first of the largest, or where a single score tells two
 * classes apart, 1 if it is above the middle.
 * @param scores row-major [rows x scores]
 */
export function answeredClasses(
  output: Pick<BackboneOutput, "classes" | "shape" | "kind">,
  scores: ArrayLike<number>,
  rows: number,
): Int32Array {
  const count = scoreCount(output);
  if (count === 1)
    return Int32Array.from({ length: rows }, (_, row) => +(scores[row] > boundary[output.kind]));
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let index = 1; index < count; index++)
      if (scores[row * count + index] > scores[row * count + best]) best = index;
    return best;
  });
}
