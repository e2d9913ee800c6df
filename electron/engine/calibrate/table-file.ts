import { AppError } from "../../../shared/base/errors.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { readRegularFile } from "../../disk/regular-file.ts";
import { type ByteRange, memoryRange } from "../base/byte-range.ts";
import { type NpyArray, readNpy } from "../base/npy.ts";
import { encodeNpz, type Npz, openNpz } from "../base/npz.ts";

/**
 * A confidence table as `.npz`: `confidence` float32 and `correct` uint8, both [exits + 1, samples], the backbone's
 * own output last, and if they are known `predicted` int32 of the same shape and `labels` int32 [samples].
 */
export function encodeTable(table: ConfidenceTable): Uint8Array {
  const { exits, samples, confidence, correct, predicted, labels } = table;
  const shape = [exits + 1, samples];
  return encodeNpz(
    {
      confidence: { shape, data: confidence },
      correct: { shape, data: correct },
      ...(predicted ? { predicted: { shape, data: predicted } } : {}),
      ...(labels ? { labels: { shape: [samples], data: labels } } : {}),
    },
    true,
  );
}

/** A table of a million samples and a dozen exits takes less. */
const LONGEST_TABLE = 256 * 2 ** 20;

/**
 * Opens a table's file.
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid'
 */
export async function openTable(path: string): Promise<ConfidenceTable> {
  const bytes = await readRegularFile(path, { maxBytes: LONGEST_TABLE }).catch((cause: AppError) => {
    throw new AppError(cause.code, `${cause.message}; give a confidence table as .npz`);
  });
  return decodeTable(bytes, path);
}

/** @param maxBytes that its arrays may take once they are unpacked */
export function decodeTable(
  bytes: Uint8Array,
  where: string,
  maxBytes = largestTableBytes,
): Promise<ConfidenceTable> {
  return readTable(memoryRange(where, bytes), where, maxBytes);
}

/** A million samples of some fifty exits. */
const largestTableBytes = 500e6;

/**
 * @param where the file's name, for messages
 * @throws AppError 'file-invalid' if an array is missing, of another type or shape, or holds what it must not
 */
export async function readTable(
  range: ByteRange,
  where: string,
  maxBytes = largestTableBytes,
): Promise<ConfidenceTable> {
  const archive = await openNpz(range, maxBytes).catch((cause) => {
    throw invalid(where, "is no .npz archive", cause);
  });
  for (const name of ["confidence", "correct"])
    if (!archive.names.includes(name))
      throw invalid(where, `has no array '${name}', only ${archive.names.join(", ")}`);
  const confidence = await readArray(archive, "confidence");
  const correct = await readArray(archive, "correct");
  const { shape } = confidence;
  if (shape.length !== 2 || shape[0] < 2 || shape[1] < 1)
    throw invalid(
      where,
      `'confidence' has shape [${shape}], expected [exits + 1, samples] with at least one exit`,
    );
  if (!(confidence.data instanceof Float32Array)) throw invalid(where, "'confidence' must be float32");
  if (String(correct.shape) !== String(shape))
    throw invalid(where, `'correct' has shape [${correct.shape}], expected [${shape}]`);
  if (!(correct.data instanceof Uint8Array)) throw invalid(where, "'correct' must be uint8 or bool");
  if (correct.data.some((value) => value > 1)) throw invalid(where, "'correct' must hold 0 and 1 only");
  if (!confidence.data.every(Number.isFinite)) throw invalid(where, "'confidence' holds NaN or infinity");
  const integers = async (name: string, expected: readonly number[]) => {
    if (!archive.names.includes(name)) return undefined;
    const { data, shape: found } = await readArray(archive, name);
    if (data instanceof Int32Array && String(found) === String(expected)) return data;
    throw invalid(where, `'${name}' must be int32 of shape [${expected}]`);
  };
  return {
    exits: shape[0] - 1,
    samples: shape[1],
    confidence: confidence.data,
    correct: correct.data,
    predicted: await integers("predicted", shape),
    labels: await integers("labels", shape.slice(1)),
  };
}

/** What is wrong with an array of ours is wrong with our file, not with a data set. */
async function readArray(archive: Npz, name: string): Promise<NpyArray> {
  try {
    return await readNpy(await archive.member(name));
  } catch (cause) {
    throw cause instanceof AppError ? new AppError("file-invalid", cause.message, {}, { cause }) : cause;
  }
}

function invalid(where: string, what: string, cause?: unknown): AppError {
  return new AppError(
    "file-invalid",
    `${where} ${what}; a confidence table holds 'confidence' (float32) and 'correct' (uint8), both [exits + 1, samples]`,
    {},
    { cause },
  );
}
