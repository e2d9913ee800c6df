import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeTable } from "../../electron/engine/calibrate/table-file.ts";
import { seededRandom } from "../../shared/base/random.ts";
import {
  drawDifficulty,
  type SyntheticShape,
  syntheticNetwork,
} from "../../shared/space/testing/synthetic-space.ts";

/**
 * A table and a profile of a made-up network, whose exact search takes long.
 * @returns arguments that search them
 */
export async function largeSearch(folder: string, shape: SyntheticShape): Promise<string[]> {
  const random = seededRandom(3);
  const { space, outputConfidence } = syntheticNetwork(random, drawDifficulty(random, shape.samples), shape);
  const { samples, candidates } = space;
  const confidence = new Float32Array((candidates.length + 1) * samples);
  const correct = new Uint8Array((candidates.length + 1) * samples);
  const rows = [...candidates, { confidence: outputConfidence, correct: space.backboneCorrect }];
  for (const [row, own] of rows.entries()) {
    confidence.set(own.confidence, row * samples);
    correct.set(own.correct, row * samples);
  }
  const latency = (ms: number) => ({ medianMs: ms, meanMs: ms, p5Ms: ms, p95Ms: ms, count: 100 });
  const profile = {
    format: "offramp-profile",
    version: 2,
    graphSha256: "made-elsewhere",
    target: { device: "phone", operatingSystem: "android", runtime: "tflite", provider: "gpu", threads: 1 },
    backbone: latency(space.backboneMs),
    final: latency(space.backboneMs),
    prefixes: candidates.map(({ cutPoint, prefixMs }) => ({ cutPoint, ...latency(prefixMs) })),
    heads: candidates.map(({ cutPoint, head, policy, headMs }) => ({
      cutPoint,
      head,
      policy,
      ...latency(headMs),
    })),
    nodes: [],
  };
  const [table, profilePath] = [join(folder, "large.npz"), join(folder, "large.json")];
  await writeFile(table, encodeTable({ exits: candidates.length, samples, confidence, correct }));
  await writeFile(profilePath, JSON.stringify(profile));
  const { maxExits, levels } = shape;
  const size = ["--max-exits", String(maxExits), "--levels", String(levels)];
  return ["search", "--table", table, "--profile", profilePath, "--no-compare", ...size];
}
