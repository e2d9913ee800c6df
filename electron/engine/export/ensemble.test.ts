import { beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { type ExitOutputs, normaliseScores } from "../../../shared/memory/exit-outputs.ts";
import { ensembleColumns } from "../../../shared/memory/geometric-ensemble.ts";
import { ensemblePolicy, outputHead, type Plan } from "../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession } from "../onnx/runtime.ts";
import { assembleDesign } from "./design.ts";
import { singleModel } from "./single-file.ts";
import { dividingThreshold } from "./testing/dividing-threshold.ts";
import {
  type ChainNetwork,
  chainNetwork,
  classes,
  largeNet,
  photographs,
  smallNet,
} from "./testing/test-chains.ts";

const samples = 48;
const own = preprocessSchema.parse({});

let small: ChainNetwork;
let large: ChainNetwork;
beforeAll(async () => {
  const photos = photographs(samples);
  small = await chainNetwork(smallNet(), own, photos);
  large = await chainNetwork(largeNet(), own, photos);
});

/** Calibrated outputs of a network, a row each. */
function probabilities({ logits, heads, temperature }: ChainNetwork, rows: readonly number[]) {
  return rows.map((row) => {
    const scores = logits[row].map((logit) => logit / (heads[row]?.temperature ?? temperature));
    normaliseScores(scores, classes);
    return scores;
  });
}

/** Weights and biases of chance, a third of the weights none. */
function madeUpEnsemble(outputs: number): NonNullable<Plan["ensemble"]> {
  const random = seededRandom(outputs);
  return Array.from({ length: outputs }, (_, row) => ({
    weights: Array.from({ length: row + 1 }, (_, index) => (index % 3 === 1 ? 0 : Math.fround(random()))),
    biases: Array.from({ length: classes }, () => Math.fround(random() - 0.5)),
  }));
}

/** The same exits with thresholds at which some of the samples that come to each leave. */
function divided(plan: Plan, outputs: ExitOutputs): Plan {
  const columns = ensembleColumns(plan.ensemble!, outputs);
  let coming = [...outputs.labels.keys()];
  const exits = plan.exits.map((exit, index) => {
    const { confidence } = columns[index];
    const threshold = dividingThreshold(coming.map((sample) => confidence[sample]));
    coming = coming.filter((sample) => confidence[sample] < threshold);
    return { ...exit, threshold };
  });
  return { ...plan, exits };
}

it("the single file decides and answers as the ensembles of its exits, through two networks", async () => {
  const at = { policy: ensemblePolicy, threshold: 0 };
  const headOf = ({ heads }: ChainNetwork, row: number) => {
    const { cutPoint, kind } = heads[row].head;
    return { cutPoint, head: kind, ...at };
  };
  const member = small.backbone.summary.sha256;
  const outputs = {
    classes,
    labels: new Int32Array(samples),
    logProbabilities: [
      ...probabilities(small, [0, small.heads.length]),
      ...probabilities(large, [0, 1, large.heads.length]),
    ],
  };
  const undivided: Plan = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: large.backbone.summary.sha256,
    chain: [member, large.backbone.summary.sha256],
    exits: [
      { member, ...headOf(small, 0) },
      { member, cutPoint: small.backbone.summary.output.name, head: outputHead, ...at },
      headOf(large, 0),
      headOf(large, 1),
    ],
    ensemble: madeUpEnsemble(5),
  };
  const plan = divided(undivided, outputs);
  const design = assembleDesign(large, plan, [small]);
  const session = await openSession(encodeModel(singleModel(design)), { threads: 1 });
  const columns = ensembleColumns(plan.ensemble!, outputs);
  const taken = new Set<number>();
  for (let sample = 0; sample < samples; sample++) {
    const isSure = ({ threshold }: Plan["exits"][number], index: number) =>
      columns[index].confidence[sample] >= threshold;
    const found = plan.exits.findIndex(isSure);
    const expected = found < 0 ? plan.exits.length : found;
    const [image] = design.images;
    const { logits, exit, confidence } = await session.run({ [image.name]: large.images[sample] });
    const scores = Array.from(logits.data as Float32Array);
    expect(Number(exit.data[0])).toBe(expected);
    expect(scores.indexOf(Math.max(...scores))).toBe(columns[expected].predicted[sample]);
    expect(Number(confidence.data[0])).toBeCloseTo(columns[expected].confidence[sample], 5);
    taken.add(expected);
  }
  await session.release();
  expect([...taken].sort()).toEqual([0, 1, 2, 3, 4]);
});

it("refuses an ensemble that doesn't fit the plan's exits", () => {
  const { cutPoint, kind } = large.heads[0].head;
  const exits = [{ cutPoint, head: kind, policy: ensemblePolicy, threshold: 0.5 }];
  const backboneSha256 = large.backbone.summary.sha256;
  const plan: Plan = { format: "offramp-plan", version: 1, backboneSha256, exits };
  const design = (ensemble: Plan["ensemble"]) => () => assembleDesign(large, { ...plan, ensemble });
  expect(design(madeUpEnsemble(2))).not.toThrow();
  for (const ensemble of [undefined, madeUpEnsemble(3), madeUpEnsemble(2).toReversed()])
    expect(design(ensemble)).toThrow("one list of weights for each of 1 exits");
});
