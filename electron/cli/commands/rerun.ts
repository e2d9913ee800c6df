import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { AppError } from "../../../shared/base/errors.ts";
import { compareSummaries, type Difference } from "../../../shared/files/compare-summaries.ts";
import { type Summary, summarySchema } from "../../../shared/files/summary.ts";
import { readRegularFile } from "../../disk/regular-file.ts";
import { makeScratchFolder } from "../../disk/scratch-folder.ts";
import { StageCache } from "../../engine/index.ts";
import { restoreRun } from "../run-record.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";
import { runRecorded } from "./run.ts";

interface RerunOptions extends CommonOptions {
  readonly out: string;
  readonly model?: string;
  readonly data?: string;
  readonly profile?: string;
}

export function rerunCommand(command: Command): void {
  command
    .command("rerun")
    .argument("<summary>", "summary.json of a run")
    .description("repeat a run as its summary says, from the beginning, and print what differs")
    .requiredOption("-o, --out <folder>", "where the results go")
    .option("--model <file>", "where the model lies now")
    .option("--data <path>", "where the data set lies now")
    .option(
      "--profile <file>",
      "latencies to go by, such as the run's own profile.json; measured again if absent",
    )
    .action((path: string, _own: unknown, self: Command) => {
      const options = self.optsWithGlobals<RerunOptions>();
      return runCommand(options, async ({ cache, progress, print }) => {
        const before = await readSummary(path);
        const { out, model, data, profile } = options;
        const scratch = await makeScratchFolder("rerun");
        try {
          const restored = await restoreRun(recordOf(path, before), { out, model, data, profile }, scratch);
          // What is repeated isn't taken from where the first run left it.
          const fresh = options.cache === undefined ? new StageCache(join(scratch, "cache")) : cache;
          const found = await runRecorded(restored.modelPath, restored.options, { cache: fresh, progress });
          const differences = compareSummaries(before, found.summary);
          print({ summary: found.summary, differences }, describe(differences, out));
        } finally {
          await rm(scratch, { recursive: true, force: true });
        }
      });
    });
}

/** Some thousand heads' reliability takes less. */
const longestSummary = 64e6;

async function readSummary(path: string): Promise<Summary> {
  const text = String(await readRegularFile(path, { maxBytes: longestSummary }));
  try {
    return summarySchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${path} is no summary.json of a run; give one that \`offramp run\` wrote`,
      { path },
      { cause },
    );
  }
}

function recordOf(path: string, { recorded }: Summary): NonNullable<Summary["recorded"]> {
  if (recorded) return recorded;
  throw new AppError(
    "usage",
    `${path} doesn't say how its run was asked for: the window, the demo or an older Offramp made it; give one of \`offramp run\``,
    { path },
  );
}

function describe(differences: readonly Difference[], out: string): string[] {
  const lines = differences.map(({ what, before, after }) => `${what}  ${before} before, ${after} now`);
  return [`results are in ${out}`, ...(lines.length > 0 ? lines : ["nothing differs"])];
}
