import { AppError } from "../../../shared/base/errors.ts";

/** What a worker sent can't be a result. @param what is wrong with it, as a clause */
export function implausible(what: string): AppError {
  return new AppError("fleet-unavailable", `what it sent is no result of this job: ${what}`);
}
