import type { Job } from "../../../shared/base/job.ts";
import type { CaseKind } from "../fuzz-case.ts";
import type { Nonsense } from "./nonsense.ts";
import { openDataSet } from "./open-data-set.ts";
import { openModel } from "./open-model.ts";
import { openArchive } from "./open-project.ts";

/**
 * What opens a case of each kind.
 * @throws AppError if it is refused; anything else is a finding
 */
export const targets: Readonly<Record<CaseKind, (path: string, job: Job) => Promise<Nonsense>>> = {
  model: openModel,
  project: openArchive,
  data: openDataSet,
};
