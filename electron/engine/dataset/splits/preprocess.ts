import { AppError } from "../../../../shared/base/errors.ts";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import {
  findRangeFault,
  type Preprocess,
  preprocessPresets,
  preprocessSchema,
} from "../../../../shared/model/preprocess.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
import { pathKind } from "../../base/paths.ts";

/**
 * Finds a preset by name, or reads a JSON file.
 * @throws AppError 'usage' for a name that is neither, 'file-invalid' naming the field that is wrong
 */
export async function loadPreprocess(nameOrPath: string): Promise<Preprocess> {
  const found = preprocessPresets.find((preset) => preset.id === nameOrPath);
  if (found !== undefined) return found.preprocess;
  if (!/[./\\]/.test(nameOrPath) && (await pathKind(nameOrPath)) === undefined) {
    const names = preprocessPresets.map((preset) => preset.id).join(", ");
    throw new AppError(
      "usage",
      `unknown preprocessing "${nameOrPath}": use one of ${names}, or the path of a JSON file`,
    );
  }
  return parsePreprocess(await readJson(nameOrPath), nameOrPath);
}

/**
 * @param where what `value` was read from, for the message
 * @throws AppError 'file-invalid' naming the first field that is wrong
 */
export function parsePreprocess(value: unknown, where: string): Preprocess {
  const parsed = preprocessSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue.path.length > 0 ? `"${issue.path.join(".")}": ` : "";
  throw new AppError("file-invalid", `${where}: ${field}${issue.message}`, { path: where });
}

/**
 * Checks what can be checked before any image is read.
 * @throws AppError 'data-mismatch' if mean or deviation don't fit the model's channels, or lie beyond the scaled pixels
 */
export function checkPreprocess(preprocess: Preprocess, input: BackboneInput): void {
  for (const field of ["mean", "standardDeviation"] as const) {
    const found = preprocess[field].length;
    if (found !== 1 && found !== input.channels) {
      throw new AppError(
        "data-mismatch",
        `the preprocessing's ${field} has ${found} values, but the model's input "${input.name}" has ` +
          `${input.channels} channels: give one value or ${input.channels}`,
      );
    }
  }
  // A model that reads bytes gets them unchanged.
  const fault = input.type === "uint8" ? undefined : findRangeFault(preprocess);
  if (fault) throw new AppError("data-mismatch", `the preprocessing's ${fault.field}: ${fault.text}`);
}

/** A preprocessing is a few lines. */
const LONGEST_JSON = 2 ** 20;

async function readJson(path: string): Promise<unknown> {
  const bytes = await readRegularFile(path, { maxBytes: LONGEST_JSON });
  try {
    return JSON.parse(String(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("file-invalid", `${path}: is no JSON (${reason})`, { path }, { cause: error });
  }
}
