import { percent, table } from "../../electron/cli/format.ts";
import type { Processes } from "./compare-processes.ts";

/** One process beside two, and beside itself with another seed, as people read it in a terminal. */
export function describeProcesses({ images, one, two, otherSeed }: Processes): string {
  const rows = Object.entries({ "one process": one, "two processes": two, "one, other seed": otherSeed }).map(
    ([name, { loss, accuracies, seconds }]) => [
      name,
      loss.toFixed(4),
      percent(accuracies[accuracies.length - 1], 2),
      percent(accuracies.reduce((sum, own) => sum + own, 0) / accuracies.length, 2),
      `${seconds.toFixed(0)} s`,
    ],
  );
  return [
    `DistributedDataParallel on loopback, ${images} images, as many a step in all`,
    ...table(["", "loss", "last output", "all outputs", "in"], rows),
  ].join("\n");
}
