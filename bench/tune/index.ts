/**
 * What does it gain that backbone and exits learn together? The sample's networks as they came and tuned by `offramp tune`: the front of
 * each, searched to a proof on the same tables and profile; for some drops its fastest plan, exported as one file and run on the
 * test split in turns with the original. And whether two processes learn what one does.
 *
 *     npm run bench -- tune [--json] [--epochs 10] [--networks all|backbone] [--train-images 60000] [--drops 0.2,0.5,1] [--exits 3]
 *         [--project FILE [--data PATH]] [--folder FOLDER] [--profile FILE] [--profile-seconds 30] [--verify-seconds 300]
 *         [--process-images 4000] [--cache FOLDER]
 *
 * Needs a Python with PyTorch: the one in OFFRAMP_TEST_PYTHON, `python3`, the system's, or Debian's package where root may install it.
 * The trainings are kept in --folder, where another run goes on.
 */
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  askPython,
  createStageRunner,
  defaultCacheFolder,
  loadProjectData,
  networkNames,
  projectSearch,
  readProfile,
  StageCache,
  searchProject,
  type TrainedProject,
  tuneProject,
} from "../../electron/engine/index.ts";
import { ensureTorch } from "../../electron/runtime/ensure-torch.mjs";
import { silentJob } from "../../shared/base/job.ts";
import { searchOptionsSchema } from "../../shared/model/stage-options.ts";
import { tuneOptionsSchema } from "../../shared/model/tune-options.ts";
import { type BenchedProject, profiled, projectOf, sampleProject } from "../chains/benched-project.ts";
import { compareProcesses } from "./compare-processes.ts";
import { type Benched, describeBench, type Kind, verifiedKind } from "./describe-bench.ts";

const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    epochs: { type: "string", default: "10" },
    networks: { type: "string", default: "all" },
    "train-images": { type: "string" },
    drops: { type: "string", default: "0.2,0.5,1" },
    exits: { type: "string", default: "3" },
    project: { type: "string" },
    data: { type: "string" },
    folder: { type: "string", default: "artifacts/bench-tune" },
    profile: { type: "string" },
    "profile-seconds": { type: "string", default: "30" },
    "verify-seconds": { type: "string", default: "300" },
    "process-images": { type: "string", default: "4000" },
    cache: { type: "string", default: defaultCacheFolder() },
  },
});

const python = ensureTorch(say);
if (python === undefined) {
  const missing =
    "no Python with PyTorch and NumPy: install python3-torch, or name one in OFFRAMP_TEST_PYTHON";
  if (asked.json) console.log(JSON.stringify({ tune: { missing } }));
  else say(missing);
  process.exit(1);
}

const started = performance.now();
const cache = new StageCache(asked.cache);
const stages = createStageRunner(cache, (name, network) => {
  say([network, name].filter((word) => word !== undefined).join(": "));
  return { ...silentJob, warn: say };
});
const options = tuneOptionsSchema.parse({ epochs: Number(asked.epochs) });
const trainLimit = asked["train-images"] === undefined ? undefined : Number(asked["train-images"]);

const opened = asked.project ? await projectOf(asked.project, asked.data, cache) : await sampleProject(cache);
try {
  const profile = asked.profile
    ? await readProfile(asked.profile)
    : await profiled(opened, Number(asked["profile-seconds"]), stages);
  const project = await tuned(opened.project, python);
  const kinds = await searched({ ...opened, project, profile });
  const request = { options, folder: asked.folder, images: Number(asked["process-images"]) };
  const processes = await compareProcesses(opened.project, request, python, cache, stages);
  const facts = await askPython(python);
  const found: Benched = {
    machine: machine(),
    python: facts,
    networks: networkNames(project).map(({ name }) => name),
    testSamples: opened.data.splits.test.indices.length,
    ...kinds,
    processes,
  };
  const { json, ...others } = asked;
  console.log(
    json
      ? JSON.stringify({ tune: { seed: 1, options: others, quality: profile.quality, ...found } })
      : describeBench(found),
  );
} finally {
  await opened.data.source.close();
}

function say(text: string): void {
  console.error(text);
}

/** Each network of the project tuned, or its backbone alone. */
async function tuned(project: TrainedProject, command: string): Promise<TrainedProject> {
  const data = await loadProjectData(project, cache, silentJob);
  const all = networkNames(project);
  const chosen = asked.networks === "backbone" ? all.slice(0, 1) : all;
  try {
    let grown = project;
    for (const { sha256, name } of chosen) {
      const folder = join(asked.folder, sha256.slice(0, 8));
      const onEpoch = (epoch: { epoch: number; accuracies: readonly number[] }) =>
        say(
          `${name}, epoch ${epoch.epoch}: ${epoch.accuracies.map((share) => (100 * share).toFixed(1)).join(" ")} %`,
        );
      const request = { network: sha256, options, folder, command: [command], trainLimit, onEpoch };
      grown = (await tuneProject(grown, data, request, stages)).project;
    }
    return grown;
  } finally {
    await data.source.close();
  }
}

/** Both fronts from one search, and what their plans do as files. */
async function searched(benched: BenchedProject): Promise<Pick<Benched, "samples" | Kind>> {
  const { project, profile } = benched;
  const wished = searchOptionsSchema.parse({ compare: false, maxExits: Number(asked.exits), useCase: {} });
  const { front } = await stages.run("search", (context) =>
    searchProject(context, projectSearch(project, profile, wished)),
  );
  const drops = asked.drops.split(",").map(Number);
  const seconds = Number(asked["verify-seconds"]);
  const verified = (search: Parameters<typeof verifiedKind>[2]) =>
    verifiedKind(benched, front, search, drops, seconds, say);
  return {
    samples: front.samples,
    frozen: await verified(front.frozen!),
    tuned: await verified(front.searches[0]),
  };
}

function machine(): string {
  const seconds = (performance.now() - started) / 1000;
  return `${os.cpus()[0].model}, ${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}; ${seconds.toFixed(0)} s`;
}
