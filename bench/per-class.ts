/**
 * Do thresholds per class gain anything on samples that nothing was chosen on? The sample's two splits are pooled and
 * halved by chance, again and again: offsets and plans (exact search, up to 3 exits) come from one half, figures from the
 * other, with and without offsets. Decisions are taken to cost the same.
 *
 *     npm run bench -- per-class [POLICY] [HALVINGS] [SAMPLES TO CALIBRATE ON]
 */
import os from "node:os";
import { exitPolicyById } from "../electron/engine/policies/index.ts";
import { addPolicies } from "../electron/engine/project/add-policies.ts";
import { openProject } from "../electron/engine/project/open-project.ts";
import { searchInputs } from "../electron/engine/search/search-inputs.ts";
import { silentJob } from "../shared/base/job.ts";
import { randomInteger, seededRandom } from "../shared/base/random.ts";
import { evaluatePlan } from "../shared/evaluate/evaluate-plan.ts";
import type { ConfidenceTable } from "../shared/model/confidence-table.ts";
import { useCaseSchema } from "../shared/model/use-case.ts";
import { recommend } from "../shared/search/engine/recommend.ts";
import { runSearch } from "../shared/search/engine/run-search.ts";
import { exact } from "../shared/search/exact/exact.ts";
import { buildSearchSpace } from "../shared/space/build-space.ts";
import { countRight } from "../shared/space/reference-point.ts";

const [base = "top1", halvings = "8", limit = "10000"] = process.argv.slice(2);
const perClass = exitPolicyById(`${base}-per-class`);
const drops = [0.25, 0.5, 1, 2];
const project = await openProject("assets/samples/fashion-mnist/explored.offramp");
const [profile] = project.profiles;
const { classes } = project.backbone.summary.output;
const splits = [project.tables.calibration.get(base)!, project.tables.test.get(base)!];
const inputs = searchInputs(project, "calibration", profile);
const space = (table: ConfidenceTable) =>
  buildSearchSpace({ ...inputs, tables: new Map([[base, table]]), maxExits: 3, levels: 32 });

/** Samples of both splits by their number, those of the first split first. */
function pick(samples: Uint32Array): ConfidenceTable {
  const rows = splits[0].exits + 1;
  const at = (column: "confidence" | "correct" | "predicted", row: number) =>
    Array.from(samples, (sample) => {
      const [table, own] =
        sample < splits[0].samples ? [splits[0], sample] : [splits[1], sample - splits[0].samples];
      return table[column]![row * table.samples + own];
    });
  const column = (name: "confidence" | "correct" | "predicted") =>
    Array.from({ length: rows }, (_, row) => at(name, row)).flat();
  return {
    exits: rows - 1,
    samples: samples.length,
    confidence: Float32Array.from(column("confidence")),
    correct: Uint8Array.from(column("correct")),
    predicted: Int32Array.from(column("predicted")),
  };
}

function shuffled(length: number, seed: number): Uint32Array {
  const random = seededRandom(seed);
  const order = Uint32Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index--) {
    const other = randomInteger(random, index + 1);
    [order[index], order[other]] = [order[other], order[index]];
  }
  return order;
}

/** Per allowed drop the best plan's mean latency (ms) and drop (points) on the samples it wasn't chosen on. */
async function outcome(chosenOn: ConfidenceTable, shownOn: ConfidenceTable): Promise<number[][]> {
  const [calibration, test] = [space(chosenOn), space(shownOn)];
  const settings = { useCase: useCaseSchema.parse({}), budget: Number.POSITIVE_INFINITY, seed: 1 };
  const { front } = await runSearch({ space: calibration, algorithm: exact, ...settings }, silentJob);
  const backbone = countRight(test.backboneCorrect) / test.samples;
  return drops.map((maxDropPp) => {
    const { point } = recommend(calibration, front, useCaseSchema.parse({ maxDropPp }));
    const { latencyMs, accuracy } = evaluatePlan(test, point.exits);
    return [latencyMs.mean, 100 * (backbone - accuracy)];
  });
}

const results: { plain: number[][]; shifted: number[][] }[] = [];
const half = (splits[0].samples + splits[1].samples) >> 1;
for (let seed = 1; seed <= Number(halvings); seed++) {
  const order = shuffled(2 * half, seed);
  const calibration = pick(order.subarray(0, Math.min(half, Number(limit))));
  const test = pick(order.subarray(half));
  const tables = { calibration: new Map([[base, calibration]]), test: new Map([[base, test]]) };
  const plain = { tables, classOffsets: new Map(), outputs: [] };
  const shifted = (await addPolicies(plain, classes, [perClass], silentJob)).tables;
  results.push({
    plain: await outcome(calibration, test),
    shifted: await outcome(shifted.calibration.get(perClass.id)!, shifted.test.get(perClass.id)!),
  });
}

function meanAndError(values: readonly number[], digits: number): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
  return `${mean.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

console.log(
  `machine   ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}; no times are measured`,
);
console.log(
  `seeds     1 to ${halvings}; ${Math.min(half, Number(limit))} samples to choose on, ${half} to report`,
);
console.log(`policy    ${perClass.id} against ${base}; mean ± standard error over the halvings`);
console.log(
  "drop allowed, pp   mean latency, % of one threshold's   drop, pp: one threshold, per class, difference",
);
for (const [index, drop] of drops.entries()) {
  const latency = results.map(({ plain, shifted }) => (100 * shifted[index][0]) / plain[index][0]);
  const drops = [
    results.map(({ plain }) => plain[index][1]),
    results.map(({ shifted }) => shifted[index][1]),
    results.map(({ plain, shifted }) => shifted[index][1] - plain[index][1]),
  ];
  console.log(
    `${String(drop).padEnd(18)} ${meanAndError(latency, 1).padEnd(36)} ${drops.map((own) => meanAndError(own, 2)).join(", ")}`,
  );
}
