import { AppError } from "../../../../../shared/base/errors.ts";

/** How the checks of a model say what they found; both name the model, and end the check. */
export interface Reporter {
  /** The model breaks the specification. */
  invalid(what: string): never;
  /** The model is sound, but nothing that we read. */
  unsupported(what: string): never;
}

/** @param where the file's name */
export function reporter(where: string): Reporter {
  return {
    invalid(what) {
      throw new AppError("model-invalid", `${where} is not a sound ONNX model: ${what}; export it again`);
    },
    unsupported(what) {
      throw new AppError("model-unsupported", `${where} can't be used: ${what}`);
    },
  };
}
