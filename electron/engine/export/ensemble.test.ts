import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { type ExitOutputs, normaliseScores } from "../../../shared/memory/exit-outputs.ts";
import { ensembleColumns } from "../../../shared/memory/geometric-ensemble.ts";
import { ensemblePolicy, outputHead, type Plan } from "../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { assetPath } from "../base/assets.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession } from "../onnx/runtime.ts";
import { assembleDesign, type Design } from "./design.ts";
import { singleModel } from "./single-file.ts";
import { manifestFile, manifestSchema, staged } from "./staged.ts";
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
const { openStagedNetwork } = await import(pathToFileURL(assetPath("runners", "run.mjs")).href);
const { Batcher } = await import(pathToFileURL(assetPath("runners", "batch.mjs")).href);
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

/** A plan through both networks, which leaves by ensembles, and what its outputs say as such. */
function chained() {
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
  const columns = ensembleColumns(plan.ensemble!, outputs);
  const expected = Array.from({ length: samples }, (_, sample) => {
    const isSure = ({ threshold }: Plan["exits"][number], index: number) =>
      columns[index].confidence[sample] >= threshold;
    const found = plan.exits.findIndex(isSure);
    const exit = found < 0 ? plan.exits.length : found;
    const { predicted, confidence } = columns[exit];
    return { exit, label: predicted[sample], confidence: confidence[sample] };
  });
  return { design: assembleDesign(large, plan, [small]), expected };
}

interface Answer {
  readonly logits: Float32Array;
  readonly exit: number;
  readonly confidence: number;
}

function expectAnswers(answers: readonly Answer[], expected: ReturnType<typeof chained>["expected"]): void {
  const decisions = answers.map(({ exit, logits }) => [exit, logits.indexOf(Math.max(...logits))]);
  expect(decisions).toEqual(expected.map(({ exit, label }) => [exit, label]));
  for (const [sample, { confidence }] of answers.entries())
    expect(confidence).toBeCloseTo(expected[sample].confidence, 5);
}

async function singleFileAnswers(design: Design): Promise<Answer[]> {
  const session = await openSession(encodeModel(singleModel(design)), { threads: 1 });
  const [{ name }] = design.images;
  const answers: Answer[] = [];
  for (const image of large.images) {
    const { logits, exit, confidence } = await session.run({ [name]: image });
    const [own, number] = [logits.data as Float32Array, Number(exit.data[0])];
    answers.push({ logits: own, exit: number, confidence: Number(confidence.data[0]) });
  }
  await session.release();
  return answers;
}

it("one file and stages decide and answer as the ensembles of their exits, through two networks and in batches", async () => {
  const { design, expected } = chained();
  expect(new Set(expected.map(({ exit }) => exit))).toEqual(new Set([0, 1, 2, 3, 4]));
  expectAnswers(await singleFileAnswers(design), expected);
  const folder = await temporaryFolder();
  await staged.write(design, folder);
  const path = join(folder, staged.target);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(path, manifestFile), "utf8")));
  const named = (exit: number) => (exit < 0 || exit > 3 ? null : `offramp/${exit}/log-probabilities`);
  expect(manifest.stages.map(({ carries }) => carries)).toEqual(
    [0, 1, 2, 3, 4].map((k) => ({ input: named(k - 1), output: named(k) })),
  );
  // Which older runners refuse.
  expect(manifest.version).toBe(3);
  const runner = await openStagedNetwork(path);
  const answers: Answer[] = [];
  for (const image of large.images) answers.push(await runner.run(image));
  expectAnswers(answers, expected);
  const batcher = new Batcher(runner, { size: 7 });
  const inBatches: Promise<Answer>[] = large.images.map((image) => batcher.run(image));
  await batcher.finish();
  expectAnswers(await Promise.all(inBatches), expected);
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
  const parted = { ...plan, ensemble: madeUpEnsemble(2), cut: cutPoint };
  expect(() => assembleDesign(large, parted)).toThrow("of which nothing crosses to a server");
});
