import { AppError } from "../../../shared/base/errors.ts";

/**
 * What is wrong with a project's file, in one line.
 * @param what names the part of it and what stands there, and what was expected
 */
export function projectFault(what: string): AppError {
  return new AppError("file-invalid", `${what}; open an older copy of the project`);
}
