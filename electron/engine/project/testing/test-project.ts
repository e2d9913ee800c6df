import { createHash } from "node:crypto";
import { unzipSync, zipSync } from "fflate";
import type { FrontFile } from "../../../../shared/files/front-file.ts";
import { pastSearchOf } from "../../../../shared/files/past-search.ts";
import type { TrainingRun } from "../../../../shared/files/training-run.ts";
import type { ConfidenceTable } from "../../../../shared/model/confidence-table.ts";
import { outputHead, type Plan } from "../../../../shared/model/plan.ts";
import { preprocessPresets, preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { madeUpRobustness } from "../../../../shared/presentation/robustness/testing/made-up-robustness.ts";
import { exitQualities, tableRow } from "../../calibrate/confidence-table.ts";
import { expectedCalibrationError, reliabilityBins } from "../../calibrate/reliability.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import { untrainedHeads } from "../../heads/head.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { residualNet, TestGraph } from "../../onnx/testing/test-graphs.ts";
import { identifiedProfile } from "../../profile/identified-profile.ts";
import type { Project } from "../project.ts";
import { encodeProject } from "../project-archive.ts";

function latency(medianMs: number) {
  return { medianMs, meanMs: medianMs + 0.01, p5Ms: medianMs / 2, p95Ms: 2 * medianMs, count: 20 };
}

/** For tests: answers of three outputs to two samples. */
export function table(offset: number): ConfidenceTable {
  return {
    exits: 2,
    samples: 2,
    confidence: Float32Array.from({ length: 6 }, (_, index) => offset + index / 10),
    correct: Uint8Array.of(1, 0, 1, 1, 0, 1),
    predicted: Int32Array.of(4, 0, 4, 1, 0, 1),
    labels: Int32Array.of(4, 1),
  };
}

/** What the test split's top-1 table tells of each row. */
const calibrated = [0, 1, 2].map((row) => {
  const { confidence, correct } = tableRow(table(0.5), row);
  const reliability = reliabilityBins(confidence, correct);
  return { reliability, expectedCalibrationError: expectedCalibrationError(reliability) };
});

function trainingRun(heads: Project["heads"], number: number): TrainingRun {
  const epochs = [{ epoch: 1, trainLoss: 0.75, loss: null, accuracy: 0.5 }];
  return {
    number,
    startedAt: "2025-02-01T10:00:00.000Z",
    seconds: 1.5,
    options: {
      heads: [{ kind: "gap-linear", options: {} }],
      training: trainOptionsSchema.parse({ seed: number }),
      splits: { seed: 3 },
    },
    heads: heads.map(({ cutPoint, kind }) => ({ cutPoint, kind, epochs, accuracy: 0.25 })),
  };
}

/** For tests: a project of two heads in which no number is a default. */
export async function makeProject(): Promise<Project> {
  const backbone = await importProto(residualNet(2));
  const heads = untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]);
  const { sha256, graphSha256 } = backbone.summary;
  const exits = [{ cutPoint: heads[0].cutPoint, head: "gap-linear", policy: "top1", threshold: 0.1 + 0.2 }];
  const plan: Plan = { format: "offramp-plan", version: 1, backboneSha256: sha256, exits };
  const profile = identifiedProfile({
    format: "offramp-profile",
    version: 2,
    graphSha256,
    target: { device: "d", operatingSystem: "o", runtime: "r", provider: "cpu", threads: 2 },
    backbone: latency(1 / 3),
    final: latency(0.4),
    prefixes: heads.map(({ cutPoint }, index) => ({ cutPoint, ...latency(0.1 + index) })),
    heads: heads.map(({ cutPoint, kind }) => ({ cutPoint, head: kind, policy: "top1", ...latency(0.01) })),
    nodes: [{ node: backbone.summary.nodes[0].name, meanMs: 0.05 }],
  });
  const server = identifiedProfile({ ...profile, final: latency(0.9) });
  // Neither sample reaches the threshold (0 and 0.1), so both take the backbone (0.41) and pass the head (0.02); one is right.
  const latencyMs = { mean: 0.43, p50: 0.43, p95: 0.43, worst: 0.43 };
  const charted = { exits, accuracy: 0.5, right: 1, latencyMs: 0.43 };
  const front: FrontFile = {
    format: "offramp-front",
    version: 2,
    backboneSha256: sha256,
    profile: profile.id,
    useCase: { latency: "p95", maxLatencyMs: 0.4 },
    samples: 2,
    reference: { accuracy: 0.1, latencyMs: 0.5 },
    backbone: { accuracy: 0.5, latencyMs: 1 / 3 + 0.01 },
    searches: [
      {
        algorithm: "exact",
        options: {},
        seed: 7,
        proven: true,
        evaluations: 12,
        seconds: 0.25,
        hypervolume: 0.75,
        front: [charted],
      },
    ],
    schemes: [{ scheme: "branchynet", plans: [charted] }],
    recommended: {
      exits,
      figures: {
        accuracy: 0.5,
        latencyMs,
        exitRates: [0, 1],
        macs: backbone.summary.macs + heads[0].macs,
        bytes: backbone.summary.parameterBytes + heads[0].bytes,
      },
      feasible: false,
      misses: [{ constraint: "maxLatencyMs", wanted: 0.4, got: 0.43 }],
    },
  };
  return {
    searches: [pastSearchOf(front, 3)],
    robustness: madeUpRobustness(sha256, { cutPoint: heads[0].cutPoint, head: heads[0].kind }),
    runs: [trainingRun(heads, 4), { ...trainingRun(heads, 2), startedAt: "2025-03-01T10:00:00.000Z" }],
    backbone,
    preprocess: preprocessPresets[0].preprocess,
    data: {
      path: "/data",
      format: "npz",
      classNames: ["a", "b", "c", "d", "e"],
      splitOptions: { seed: 3, calibrationFrom: "held-out" },
    },
    heads,
    temperatures: [1.25, 0.5, 2],
    classOffsets: new Map(),
    tables: {
      calibration: new Map([
        ["top1", table(0)],
        ["margin", table(0.25)],
      ]),
      test: new Map([
        ["top1", table(0.5)],
        ["margin", table(0.4)],
      ]),
    },
    members: [],
    outputs: [heads[0], heads[1], undefined].map((head, index) => ({
      cutPoint: head?.cutPoint ?? null,
      head: head?.kind ?? null,
      accuracy: [0.5, 1, 0.5][index],
      temperature: [1.25, 0.5, 2][index],
      ...calibrated[index],
      // Of the one right and the one wrong answer the wrong one is surer, there is no wrong one, the right one is surer.
      failurePredictionAuroc: { top1: [0, 0.5, 1][index], margin: [0, 0.5, 1][index] },
    })),
    profiles: [profile, server],
    front,
    plans: [plan, { ...plan, exits: [] }],
    design: {
      exits,
      pinned: [{ name: "fast", exits: [] }],
      useCase: { latency: "p95", maxLatencyMs: 0.3 },
      target: server.id,
    },
    references: [
      {
        name: "small",
        sha256: "ab".repeat(32),
        accuracy: 0.8,
        latencyMs: { mean: 0.2, p50: 0.19, p95: 0.3 },
        macs: 10,
        bytes: 20,
        target: server.id,
      },
    ],
  };
}

/** For tests: answers of a member's head and of its own output to the same two samples. */
export function memberTable(offset: number): ConfidenceTable {
  return {
    exits: 1,
    samples: 2,
    confidence: Float32Array.of(offset, offset + 0.125, offset + 0.25, offset + 0.375),
    correct: Uint8Array.of(1, 0, 1, 1),
    predicted: Int32Array.of(4, 3, 4, 1),
    labels: Int32Array.of(4, 1),
  };
}

/** For tests: the project with a member of one head, which is grey and half as large, and plans that go through both. */
export async function makeChain(): Promise<Project> {
  const project = await makeProject();
  const net = new TestGraph();
  const features = net.residualBlock(net.convRelu("image", 1, 2), 2);
  const backbone = await importProto(net.model([net.classifier(features, 2, 5)], { shape: [1, 1, 4, 4] }));
  const heads = untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]);
  const { sha256: member, graphSha256, name, output } = backbone.summary;
  const tables = (offset: number) =>
    new Map([
      ["top1", memberTable(offset)],
      ["margin", memberTable(offset / 2)],
    ]);
  const model = {
    backbone,
    preprocess: preprocessSchema.parse({ resize: [4, 4], mean: [0.5], channels: "grey" }),
    heads,
    temperatures: [1.5, 0.75],
    classOffsets: new Map(),
    tables: { calibration: tables(0.25), test: tables(0.5) },
  };
  const outputs = exitQualities(model.tables.test, model.temperatures, "top1").map((quality, row) => ({
    cutPoint: heads.at(row)?.cutPoint ?? null,
    head: heads.at(row)?.kind ?? null,
    ...quality,
  }));
  const [profile, server] = project.profiles;
  const timed = identifiedProfile({
    ...profile,
    members: [
      {
        graphSha256,
        name,
        entry: latency(0.02),
        backbone: latency(0.1),
        final: latency(0.125),
        prefixes: [{ cutPoint: heads[0].cutPoint, ...latency(0.05) }],
        heads: [{ cutPoint: heads[0].cutPoint, head: heads[0].kind, policy: "top1", ...latency(0.01) }],
      },
    ],
  });
  const [own, alone] = project.plans;
  const exitOf = (cutPoint: string, head: string) => ({
    member,
    cutPoint,
    head,
    policy: "margin",
    threshold: 0.5,
  });
  const { sha256 } = project.backbone.summary;
  const early = exitOf(heads[0].cutPoint, heads[0].kind);
  const atOutput = exitOf(output.name, outputHead);
  return {
    ...project,
    members: [{ ...model, outputs }],
    profiles: [timed, server],
    front: project.front && { ...project.front, profile: timed.id },
    plans: [
      own,
      { ...alone, chain: [member, sha256], exits: [early, atOutput, ...own.exits] },
      { ...alone, chain: [member] },
    ],
  };
}

export type Entries = Record<string, Uint8Array>;

/** For tests: a project's archive after a change, sealed again so that only what the entries say is wrong. */
export function changedArchive(project: Project, change: (entries: Entries) => void): Uint8Array {
  const { "seal.json": _, ...entries } = unzipSync(encodeProject(project));
  change(entries);
  const hashes = Object.entries(entries).map(([name, bytes]) => [
    name,
    createHash("sha256").update(bytes).digest("hex"),
  ]);
  return zipSync({ ...entries, "seal.json": Buffer.from(JSON.stringify(Object.fromEntries(hashes))) });
}

/** For tests: changes the JSON of an entry. */
export function edited(entries: Entries, name: string, edit: (value: Record<string, unknown>) => void): void {
  const value = JSON.parse(new TextDecoder().decode(entries[name]));
  edit(value);
  entries[name] = new TextEncoder().encode(JSON.stringify(value));
}
