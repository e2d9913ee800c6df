import { node, opset, value } from "../../../../electron/engine/onnx/graph-builder.ts";
import { intTensor } from "../../../../electron/engine/onnx/tensors.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileInteger, hostileName, hostileSafeInteger } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import type { ModelSubject } from "../model-subject.ts";

/** So many scores beside the scores: the same, of each other's names, or tensors on the way. */
export const multiplyOutputs: Mutator<ModelSubject> = {
  id: "multiply-outputs",
  mutate: ({ proto: { graph } }, random) => {
    const [first] = graph.output;
    const count = manyTimes(random, 3000);
    const way = random();
    const tensors = graph.node.flatMap(({ output }) => output);
    for (let at = 0; at < count; at++) {
      const copy = way < 0.2 ? first.name : way < 0.4 ? pick(random, tensors) : `copy${at}`;
      if (way >= 0.4) graph.node.push(node("Identity", [first.name], [copy]));
      graph.output.push(value(copy, "float32"));
    }
    return true;
  },
};

export const multiplyInputs: Mutator<ModelSubject> = {
  id: "multiply-inputs",
  mutate: ({ proto: { graph } }, random) => {
    const shape = pick(random, [
      [1],
      [1, 3, 8, 8],
      ["N", "N", "N", "N"],
      [hostileSafeInteger(random)],
      undefined,
    ]);
    const count = manyTimes(random, 30_000);
    graph.input.push(...Array.from({ length: count }, (_, at) => value(`spare${at}`, "float32", shape)));
    if (random() < 0.5) graph.node[0].input.push("spare0");
    return true;
  },
};

/** Constants that nothing reads. */
export const multiplyConstants: Mutator<ModelSubject> = {
  id: "multiply-constants",
  mutate: ({ proto: { graph } }, random) => {
    const count = manyTimes(random, 30_000);
    const numbered = random() < 0.7;
    graph.initializer.push(
      ...Array.from({ length: count }, (_, at) => intTensor(numbered ? `spare${at}` : "spare", [at])),
    );
    return true;
  },
};

export const valueInfos: Mutator<ModelSubject> = {
  id: "value-infos",
  mutate: ({ proto: { graph } }, random) => {
    const tensors = graph.node.flatMap(({ output }) => output);
    const shape = Array.from({ length: manyTimes(random, 64) }, () => hostileSafeInteger(random));
    const count = manyTimes(random, 5000);
    graph.valueInfo.push(
      ...Array.from({ length: count }, () => value(pick(random, tensors), "float32", shape)),
    );
    return true;
  },
};

export const changeVersions: Mutator<ModelSubject> = {
  id: "change-versions",
  mutate: ({ proto }, random) => {
    if (random() < 0.5) proto.irVersion = hostileInteger(random);
    const domain = pick(random, ["", "ai.onnx", "ai.onnx.ml", "com.microsoft", hostileName(random)]);
    const version = pick(random, [1, 6, 7, 11, 13, 17, 18, 21, 23, 99, hostileSafeInteger(random)]);
    const imports = Array.from({ length: manyTimes(random, 10_000) }, () => opset(version, domain));
    proto.opsetImport = random() < 0.5 ? imports : [...proto.opsetImport, ...imports];
    return true;
  },
};
