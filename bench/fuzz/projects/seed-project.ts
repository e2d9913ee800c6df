import { exitQualities } from "../../../electron/engine/calibrate/confidence-table.ts";
import { headKinds, untrainedHeads } from "../../../electron/engine/index.ts";
import { importProto } from "../../../electron/engine/onnx/testing/test-backbone.ts";
import { residualNet } from "../../../electron/engine/onnx/testing/test-graphs.ts";
import { identifiedProfile } from "../../../electron/engine/profile/identified-profile.ts";
import { newProject, type Project } from "../../../electron/engine/project/project.ts";
import { startFrontSearch } from "../../../electron/engine/search/front-search.ts";
import { searchInputs } from "../../../electron/engine/search/search-inputs.ts";
import { silentJob } from "../../../shared/base/job.ts";
import { type Random, randomInteger, seededRandom } from "../../../shared/base/random.ts";
import { withRun } from "../../../shared/files/training-run.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { preprocessPresets } from "../../../shared/model/preprocess.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { searchOptionsSchema, trainOptionsSchema } from "../../../shared/model/stage-options.ts";

const classes = 5;
const samples = 40;
const policies = ["top1", "margin"] as const;

/** A sound project with heads, tables, a profile, a front and plans, the same each time. */
export async function seedProject(): Promise<Project> {
  const backbone = await importProto(residualNet(3));
  const kind = headKinds.find(({ id }) => id === "gap-linear")!;
  const heads = untrainedHeads(backbone, [{ kind, options: {} }]);
  const random = seededRandom(11);
  const tables = {
    calibration: tablesOf(heads.length + 1, random),
    test: tablesOf(heads.length + 1, random),
  };
  const temperatures = [...heads.map((_, index) => 1 + index / 4), 1];
  const profile = profileOf(backbone.summary.graphSha256, heads, backbone.summary.nodes[0].name);
  const outputs = exitQualities(tables.test, temperatures, "top1").map((quality, index) => ({
    ...quality,
    cutPoint: heads[index]?.cutPoint ?? null,
    head: heads[index]?.kind ?? null,
  }));
  const useCase = { latency: "mean", maxDropPp: 20 } as const;
  const options = searchOptionsSchema.parse({ useCase, levels: 8, maxExits: 2, compare: false });
  const search = startFrontSearch({
    inputs: searchInputs({ backbone, heads, tables, members: [] }, "calibration", profile),
    options,
  });
  await search.advance(silentJob);
  const found = await search.front(silentJob);
  const front = { ...found, searches: found.searches.map((own) => ({ ...own, seconds: 0.25 })) };
  const exits = front.recommended?.exits ?? [];
  return {
    ...newProject(backbone),
    preprocess: preprocessPresets[0].preprocess,
    data: { path: "data", format: "npz", classNames: ["a", "b", "c", "d", "e"], splitOptions: { seed: 3 } },
    heads,
    temperatures,
    tables,
    outputs,
    profiles: [profile],
    front,
    plans: [
      { format: "offramp-plan", version: 1, backboneSha256: backbone.summary.sha256, exits: [...exits] },
    ],
    design: { exits, pinned: [{ name: "none", exits: [] }], useCase, target: profile.id },
    runs: withRun([], {
      startedAt: "2025-01-01T00:00:00.000Z",
      seconds: 1,
      options: {
        heads: [{ kind: "linear", options: {} }],
        training: trainOptionsSchema.parse({}),
        splits: {},
      },
      heads: heads.map(({ cutPoint, kind }) => ({
        cutPoint,
        kind,
        epochs: [{ epoch: 1, trainLoss: 1, loss: null, accuracy: 0.5 }],
        accuracy: 0.5,
      })),
    }),
    references: [
      {
        name: "small",
        sha256: "ab".repeat(32),
        accuracy: 0.5,
        latencyMs: { mean: 0.2, p50: 0.2, p95: 0.3 },
        macs: 10,
        bytes: 20,
        target: profile.id,
      },
    ],
  };
}

function tablesOf(outputs: number, random: Random): Map<string, ConfidenceTable> {
  const labels = Int32Array.from({ length: samples }, (_, sample) => sample % classes);
  const length = outputs * samples;
  const predicted = Int32Array.from({ length }, (_, at) =>
    random() < 0.7 ? labels[at % samples] : randomInteger(random, classes),
  );
  const correct = Uint8Array.from(predicted, (answer, at) => (answer === labels[at % samples] ? 1 : 0));
  return new Map(
    policies.map((policy) => {
      const confidence = Float32Array.from({ length }, () => 0.2 + 0.8 * random());
      return [policy, { exits: outputs - 1, samples, confidence, correct, predicted, labels }];
    }),
  );
}

function profileOf(graphSha256: string, heads: Project["heads"], firstNode: string): Profile {
  const latency = (ms: number) => ({ medianMs: ms, meanMs: ms, p5Ms: ms / 2, p95Ms: 2 * ms, count: 20 });
  return identifiedProfile({
    format: "offramp-profile",
    version: 2,
    graphSha256,
    target: { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 1 },
    backbone: latency(1),
    final: latency(1.05),
    prefixes: heads.map(({ cutPoint }, index) => ({
      cutPoint,
      ...latency((index + 1) / (heads.length + 1)),
    })),
    heads: heads.flatMap(({ cutPoint, kind }) =>
      policies.map((policy) => ({ cutPoint, head: kind, policy, ...latency(0.02) })),
    ),
    nodes: [{ node: firstNode, meanMs: 0.05 }],
  });
}
