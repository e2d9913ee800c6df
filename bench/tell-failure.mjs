// Comes before every benchmark: what a person can mend is one line; all else is a fault of ours and shows where it arose.
import { reportFailure } from "../electron/cli/report-failure.ts";
import { AppError } from "../shared/base/errors.ts";

process.on("uncaughtException", (error) => {
  process.exit(reportFailure(error, { verbose: !(error instanceof AppError) }));
});
