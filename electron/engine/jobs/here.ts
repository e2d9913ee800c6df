import type { JobRunner } from "./job-kind.ts";

/** Does jobs in this process, on what is open already: what there is without a server. */
export const doneHere: JobRunner = {
  run: (kind, subject, options, context) => kind.run(subject, kind.options.parse(options), context),
};
