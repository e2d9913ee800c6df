import { plainName } from "../../shared/base/plain-name.ts";
import type { OutputQuality } from "../../shared/files/summary.ts";
import type { TunedEpoch } from "../../shared/model/tuned-epoch.ts";
import { networkTitles } from "../../shared/presentation/words/network-titles.ts";
import { networkNames, type TunedProject, type TuneFolder } from "../engine/index.ts";
import { percent, points, table } from "./format.ts";

/** An epoch in one line; its accuracies are those of training images that were held out. */
export function describeEpoch({ epoch, of, loss, accuracies, remainingSeconds }: TunedEpoch): string {
  const exits = accuracies.slice(0, -1).map((accuracy) => (100 * accuracy).toFixed(1));
  const parts = [
    ...(loss === undefined ? [] : [`loss ${loss.toPrecision(3)}`]),
    ...(exits.length > 0 ? [`exits ${exits.join(" ")} %`] : []),
    `output ${percent(accuracies.at(-1) ?? 0)}`,
    ...(remainingSeconds === undefined ? [] : [`about ${duration(remainingSeconds)} left`]),
  ];
  return `${epoch === 0 ? "before" : `epoch ${epoch} of ${of}`}: ${parts.join(", ")}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** What was written for a training elsewhere. */
export function describeWritten({ folder, name, exits, images }: TuneFolder, project: string): string[] {
  return [
    `wrote ${folder}: ${plainName(name)} with ${exits.length} ${exits.length === 1 ? "exit" : "exits"}, ${images} images`,
    `train it there with python3 train.py (README.txt has torchrun and SLURM), then offramp tune ${shellWord(project)} --results ${shellWord(folder)} -o tuned.offramp`,
  ];
}

/** A path as a shell takes it. */
function shellWord(path: string): string {
  return /^[\p{L}\p{N}\p{M}_@%+=:,./\\-]+$/u.test(path) ? path : `"${path.replace(/["$`]/g, "\\$&")}"`;
}

/** How good an output was and is, on the test split. */
interface TunedOutput {
  readonly cutPoint: string | null;
  readonly head: string | null;
  readonly before: number;
  readonly after: number;
}

/** A tuned network beside the one that it was trained from, exit by exit: for programs, and as a table. */
export function describeTuned({ project, tuned, from, before }: TunedProject) {
  const network = project.members.find(({ backbone }) => backbone.summary.sha256 === tuned);
  const outputs = besideOlder(network?.outputs ?? [], before);
  const titles = networkTitles(networkNames(project));
  const rows = outputs.map(({ cutPoint, head, before, after }) => [
    cutPoint ?? "its output",
    head ?? "",
    percent(before, 2),
    percent(after, 2),
    points(100 * (after - before)),
  ]);
  return {
    json: { tuned: { sha256: tuned, name: titles.whole(tuned), from, outputs } },
    lines: [
      `${titles.whole(tuned)}, on the test split`,
      ...table(["output", "head", "before", "tuned", "gain"], rows),
    ],
  };
}

function besideOlder(outputs: readonly OutputQuality[], older: readonly OutputQuality[]): TunedOutput[] {
  return outputs.map(({ cutPoint, head, accuracy }) => {
    const before = older.find((output) => output.cutPoint === cutPoint && output.head === head);
    return { cutPoint, head, before: before?.accuracy ?? accuracy, after: accuracy };
  });
}
