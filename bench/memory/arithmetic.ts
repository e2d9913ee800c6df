import type { Backbone } from "../../electron/engine/index.ts";
import { encodeModel } from "../../electron/engine/onnx/codec.ts";
import { graph, model, node, value } from "../../electron/engine/onnx/graph-builder.ts";
import type { GraphModel } from "../../electron/engine/onnx/graph-model.ts";
import { openSession, runtimeTensor } from "../../electron/engine/onnx/runtime.ts";
import { floatTensor } from "../../electron/engine/onnx/tensors.ts";
import { median } from "../../electron/engine/profile/statistics.ts";
import { randomImage } from "../../electron/engine/profile/timed-models.ts";
import { seededRandom } from "../../shared/base/random.ts";

/** So many ensembles one after the other: what calling a session takes is the same for few and many. */
const [few, many] = [8, 72];
const rounds = 200;

/**
 * What a geometric ensemble adds to an output's own decision, as share of the backbone's latency, on one thread of this machine: the
 * logarithms of all outputs so far are joined and summed by weights, and there is a second softmax. The first output has no others, so
 * that weight and biases are part of its head's last layer.
 * @param outputs how many outputs it goes by
 */
export async function ensembleShare({ summary, proto }: Backbone, outputs: number): Promise<number> {
  if (outputs === 1) return 0;
  const { classes } = summary.output;
  const logits = { logits: runtimeTensor("float32", new Float32Array(classes), [1, classes]) };
  const [backboneMs, fewMs, manyMs] = await timeInTurns([
    { proto, feeds: randomImage({ summary, proto }, seededRandom(1)) },
    ...[few, many].map((count) => ({ proto: ensembles(count, outputs, classes), feeds: logits })),
  ]);
  return Math.max(0, (manyMs - fewMs) / (many - few) / backboneMs);
}

/** Median latency of each, ms. */
async function timeInTurns(
  models: readonly { readonly proto: GraphModel; readonly feeds: ReturnType<typeof randomImage> }[],
): Promise<number[]> {
  const sessions = await Promise.all(
    models.map(({ proto }) => openSession(encodeModel(proto), { threads: 1 })),
  );
  const times: number[][] = models.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, { feeds }] of models.entries()) {
      const started = performance.now();
      await sessions[index].run(feeds);
      times[index].push(performance.now() - started);
    }
  for (const session of sessions) await session.release();
  return times.map(median);
}

/** Each ensemble goes by the one before it, so that none can be left out. */
function ensembles(count: number, outputs: number, classes: number): GraphModel {
  const nodes = Array.from({ length: count }, (_, index) => {
    const before = index === 0 ? "logits" : `scores-${index - 1}`;
    return [
      node("Concat", Array<string>(outputs).fill(before), [`all-${index}`], { axis: 0 }),
      node("Gemm", ["weights", `all-${index}`, "biases"], [`sum-${index}`]),
      node("LogSoftmax", [`sum-${index}`], [`scores-${index}`], { axis: 1 }),
    ];
  });
  const initializers = [
    floatTensor("weights", Array<number>(outputs).fill(1 / outputs), [1, outputs]),
    floatTensor("biases", Array<number>(classes).fill(0.1), [classes]),
  ];
  const [input, output] = ["logits", `scores-${count - 1}`].map((name) =>
    value(name, "float32", [1, classes]),
  );
  return model(graph("ensembles", { nodes: nodes.flat(), initializers }, [input], [output]));
}
