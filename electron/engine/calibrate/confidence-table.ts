import type { Job } from "../../../shared/base/job.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { readLabels, readLogits } from "./exit-logits.ts";
import {
  expectedCalibrationError,
  failurePredictionAuroc,
  type ReliabilityBin,
  reliabilityBins,
} from "./reliability.ts";
import { fitTemperature } from "./temperature.ts";

/** One temperature per output, the backbone's last, fitted on the calibration split's logits. */
export async function fitTemperatures(
  folder: string,
  outputs: number,
  classes: number,
  job: Job,
): Promise<number[]> {
  const labels = await readLabels(folder);
  const temperatures: number[] = [];
  for (let row = 0; row < outputs; row++) {
    temperatures.push(fitTemperature(await readLogits(folder, row), labels, classes));
    job.report(row + 1, outputs);
    await job.pause();
  }
  return temperatures;
}

/** The split as seen through each policy; tables share `correct`, `predicted` and `labels`. */
export type PolicyTables = ReadonlyMap<string, ConfidenceTable>;

/**
 * Confidence tables of a split, one per policy.
 * @param temperatures one per output, the backbone's last
 * @param policies none of thresholds per class, which `addPolicies` fits to these tables
 */
export async function confidenceTables(
  folder: string,
  temperatures: readonly number[],
  classes: number,
  policies: readonly ExitPolicy[],
  job: Job,
): Promise<PolicyTables> {
  const labels = await readLabels(folder);
  const samples = labels.length;
  const outputs = temperatures.length;
  const correct = new Uint8Array(outputs * samples);
  const predicted = new Int32Array(outputs * samples);
  const confidences = policies.map(() => new Float32Array(outputs * samples));
  const unshifted = new Float32Array(classes);
  for (let row = 0; row < outputs; row++) {
    const logits = await readLogits(folder, row);
    const probabilities = new Float64Array(classes);
    for (let sample = 0; sample < samples; sample++) {
      const at = row * samples + sample;
      predicted[at] = softmax(logits, sample * classes, temperatures[row], probabilities);
      correct[at] = predicted[at] === labels[sample] ? 1 : 0;
      for (let policy = 0; policy < policies.length; policy++)
        confidences[policy][at] = policies[policy].confidence(probabilities, unshifted);
    }
    job.report(row + 1, outputs);
    await job.pause();
  }
  return new Map(
    policies.map((policy, index) => [
      policy.id,
      { exits: outputs - 1, samples, confidence: confidences[index], correct, predicted, labels },
    ]),
  );
}

/** Writes softmax(logits / temperature) of one sample; returns the first largest class. */
function softmax(logits: Float32Array, from: number, temperature: number, into: Float64Array): number {
  let best = 0;
  for (let index = 1; index < into.length; index++)
    if (logits[from + index] > logits[from + best]) best = index;
  const largest = logits[from + best];
  let sum = 0;
  for (let index = 0; index < into.length; index++) {
    into[index] = Math.exp((logits[from + index] - largest) / temperature);
    sum += into[index];
  }
  for (let index = 0; index < into.length; index++) into[index] /= sum;
  return best;
}

/** How good an output is, and how well its confidence tells right from wrong. */
export interface ExitQuality {
  readonly accuracy: number;
  readonly temperature: number;
  readonly expectedCalibrationError: number;
  /** Per policy id. */
  readonly failurePredictionAuroc: Record<string, number>;
  readonly reliability: ReliabilityBin[];
}

/** @param probabilityPolicy id of the policy whose confidence is a probability, for calibration error */
export function exitQualities(
  tables: PolicyTables,
  temperatures: readonly number[],
  probabilityPolicy: string,
): ExitQuality[] {
  return temperatures.map((temperature, row) => {
    const { confidence, correct } = tableRow(tables.get(probabilityPolicy)!, row);
    const reliability = reliabilityBins(confidence, correct);
    return {
      temperature,
      accuracy: correct.reduce((sum, right) => sum + right, 0) / correct.length,
      expectedCalibrationError: expectedCalibrationError(reliability),
      failurePredictionAuroc: Object.fromEntries(
        [...tables].map(([policy, table]) => {
          const own = tableRow(table, row);
          return [policy, failurePredictionAuroc(own.confidence, own.correct)];
        }),
      ),
      reliability,
    };
  });
}

/** One output's confidences, correctness and answers, as views. */
export function tableRow({ confidence, correct, predicted, samples }: ConfidenceTable, row: number) {
  const [from, to] = [row * samples, (row + 1) * samples];
  return {
    confidence: confidence.subarray(from, to),
    correct: correct.subarray(from, to),
    predicted: predicted?.subarray(from, to),
  };
}
