/**
 * How much memory does training take for 50 000 images and 30 cut points?
 *
 *     npm run bench -- train-memory [IMAGES] [BLOCKS]
 *
 * A residual CNN for 3x32x32 with random weights, random images, and one default head per cut point; the run goes
 * through import, load, train and calibrate. Prints machine, seed, seconds per stage and the peak resident memory.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { encodeNpz } from "../electron/engine/base/npz.ts";
import {
  createStageRunner,
  headKinds,
  importModel,
  StageCache,
  trainProject,
} from "../electron/engine/index.ts";
import { encodeModel } from "../electron/engine/onnx/codec.ts";
import { TestGraph } from "../electron/engine/onnx/testing/test-graphs.ts";
import { silentJob } from "../shared/base/job.ts";
import { randomInteger, seededRandom } from "../shared/base/random.ts";
import { preprocessSchema } from "../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../shared/model/stage-options.ts";

const images = Number(process.argv[2] ?? 50_000);
const blocks = Number(process.argv[3] ?? 31);
const seed = 1;
const classes = 10;

const random = seededRandom(seed);
const folder = await mkdtemp(join(tmpdir(), "offramp-bench-"));
try {
  await writeFile(join(folder, "model.onnx"), encodeModel(network()));
  await writeFile(join(folder, "data.npz"), dataSet());
  const stages = createStageRunner(new StageCache(join(folder, "cache")), () => silentJob);
  const kind = headKinds[0];
  const backbone = await stages.run("import", ({ job }) => importModel(join(folder, "model.onnx"), {}, job));
  const { project, data } = await trainProject(
    backbone,
    {
      dataPath: join(folder, "data.npz"),
      preprocess: preprocessSchema.parse({ mean: [0.5], standardDeviation: [0.25] }),
      splits: { calibrationShare: 0.01, testShare: 0.01, seed },
      heads: [{ kind, options: kind.options.parse({}) }],
      training: trainOptionsSchema.parse({ seed }),
    },
    stages,
  );
  await data.source.close();
  console.log(
    `machine   ${cpus()[0].model}, ${availableParallelism()} cores, node ${process.version}; seed ${seed}`,
  );
  console.log(
    `data      ${data.images.train.count} train images of 3x32x32, ${project.backbone.summary.cutPoints.length} cut points`,
  );
  for (const [stage, seconds] of Object.entries(stages.seconds))
    console.log(`${stage.padEnd(9)} ${seconds.toFixed(1)} s`);
  console.log(`peak      ${(process.resourceUsage().maxRSS / 1024 ** 2).toFixed(2)} GiB resident`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Three stages of 16, 32 and 64 channels, as in He et al. 2016, section 4.2. */
function network() {
  const net = new TestGraph();
  let features = net.convRelu("image", 3, 16);
  let channels = 16;
  for (let block = 0; block < blocks; block++) {
    const wanted = 16 * 2 ** Math.floor((3 * block) / blocks);
    if (wanted !== channels) features = net.convRelu(features, channels, wanted, { stride: 2 });
    channels = wanted;
    // Random weights would let the values explode with depth; normalising each block keeps them in range.
    const branch = net.add("Tanh", [
      net.conv(net.convRelu(features, channels, channels), channels, channels),
    ]);
    features = net.add("Relu", [net.add("Add", [net.add("Tanh", [features]), branch])]);
  }
  return net.model([net.classifier(features, channels, classes)], { shape: ["batch", 3, 32, 32] });
}

function dataSet(): Uint8Array {
  const pixels = Uint8Array.from({ length: images * 3072 }, () => randomInteger(random, 256));
  const labels = Uint8Array.from({ length: images }, (_, index) => index % classes);
  return encodeNpz({ x: { shape: [images, 32, 32, 3], data: pixels }, y: { shape: [images], data: labels } });
}
