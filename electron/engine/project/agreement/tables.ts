import type { ConfidenceTable } from "../../../../shared/model/confidence-table.ts";
import type { PolicyTables } from "../../calibrate/confidence-table.ts";
import { projectFault } from "../project-fault.ts";

/** A softmax in float32 misses 0 and 1 by less. */
const rounding = 1e-3;

/**
 * Tables of one split say the same of the same samples: a row per head and one for the backbone, and answers that are
 * right where they are the sample's class.
 * @param name of a policy's table in the archive
 * @throws AppError 'file-invalid' naming the table and what doesn't agree
 */
export function checkTables(
  tables: PolicyTables,
  heads: number,
  classes: number,
  name: (policy: string) => string,
): void {
  const [first] = tables;
  for (const [policy, table] of tables) {
    const where = name(policy);
    const { exits, samples, confidence } = table;
    if (exits !== heads)
      throw projectFault(
        `${where} holds ${exits + 1} rows, and the project has ${heads} heads and the backbone's own output`,
      );
    const strange = confidence.find((value) => !(value >= -rounding && value <= 1 + rounding));
    if (strange !== undefined)
      throw projectFault(`${where} holds the confidence ${strange}, expected 0 to 1`);
    checkAnswers(table, classes, where);
    const [other, { samples: count }] = [name(first[0]), first[1]];
    if (samples !== count) throw projectFault(`${where} is of ${samples} samples, and ${other} of ${count}`);
    if (!sameAnswers(table, first[1]))
      throw projectFault(`${where} and ${other} don't tell the same answers of the same samples`);
  }
}

/**
 * All networks of a project were asked the same samples in the same order.
 * @param names of the tables in the archive
 * @throws AppError 'file-invalid'
 */
export function checkSameSamples(
  own: ConfidenceTable | undefined,
  backbones: ConfidenceTable | undefined,
  names: readonly [own: string, backbones: string],
): void {
  if (own?.samples !== backbones?.samples)
    throw projectFault(
      `${names[0]} is of ${own?.samples ?? 0} samples, and ${names[1]} of ${backbones?.samples ?? 0}`,
    );
  if (own && backbones && !isSameArray(own.labels, backbones.labels))
    throw projectFault(`${names[0]} and ${names[1]} are not of the same samples: their classes differ`);
}

function checkAnswers(table: ConfidenceTable, classes: number, where: string): void {
  const { samples, correct, predicted, labels } = table;
  for (const [what, values] of Object.entries({ predicted, labels })) {
    const strange = values?.find((value) => value < 0 || value >= classes);
    if (strange !== undefined)
      throw projectFault(`${where}: '${what}' holds class ${strange}, expected 0 to ${classes - 1}`);
  }
  if (!predicted || !labels) return;
  for (let at = 0; at < predicted.length; at++)
    if ((predicted[at] === labels[at % samples] ? 1 : 0) !== correct[at])
      throw projectFault(
        `${where}: 'correct' holds ${correct[at]} for sample ${at % samples} in row ${Math.floor(at / samples)}, ` +
          `whose answer is ${predicted[at]} and whose class is ${labels[at % samples]}`,
      );
}

function sameAnswers(one: ConfidenceTable, other: ConfidenceTable): boolean {
  return (["correct", "predicted", "labels"] as const).every((key) => isSameArray(one[key], other[key]));
}

function isSameArray(one: ArrayBufferView | undefined, other: ArrayBufferView | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    Buffer.from(buffer, byteOffset, byteLength);
  return bytes(one).equals(bytes(other));
}
