import type { NpyArray } from "../../../../electron/engine/base/npy.ts";
import { encodeNpz } from "../../../../electron/engine/base/npz.ts";
import { randomInteger } from "../../../../shared/base/random.ts";
import { between, pick } from "../../drawing/draw.ts";
import { hostileNumber, hostileSmallInteger } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import { type ProjectSubject, setBytes } from "../project-subject.ts";

/** A table of plausible form in place of one that there is: other counts, values out of range, arrays left out. */
export const otherTable: Mutator<ProjectSubject> = {
  id: "other-table",
  mutate: (subject, random) => {
    const tables = subject.members.flatMap(({ name }, at) => (name.endsWith(".npz") ? [at] : []));
    if (tables.length === 0) return false;
    const shape = [pick(random, [1, 2, 4, 4, 4, 5, 300]), pick(random, [1, 39, 40, 40, 40, 5000])];
    const length = shape[0] * shape[1];
    const confidence = Float32Array.from({ length }, () => random());
    const predicted = Int32Array.from({ length }, () => randomInteger(random, 5));
    const correct = Uint8Array.from({ length }, () => randomInteger(random, 2));
    const labels = Int32Array.from({ length: shape[1] }, () => randomInteger(random, 5));
    for (let count = between(random, 0, 3); count > 0; count--) {
      const at = randomInteger(random, length);
      pick(random, [
        () => (confidence[at] = hostileNumber(random)),
        () => (predicted[at] = hostileSmallInteger(random)),
        () => (correct[at] = between(random, 2, 255)),
        () => (labels[at % shape[1]] = hostileSmallInteger(random)),
      ])();
    }
    const arrays: Record<string, NpyArray> = {
      confidence: { shape, data: confidence },
      correct: { shape, data: correct },
      predicted: { shape, data: predicted },
      labels: { shape: [shape[1]], data: labels },
    };
    if (random() < 0.3) delete arrays[pick(random, Object.keys(arrays))];
    setBytes(subject, pick(random, tables), encodeNpz(arrays, random() < 0.5));
    return true;
  },
};
