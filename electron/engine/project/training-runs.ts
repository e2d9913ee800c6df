import { formatCounted } from "../../../shared/base/format-number.ts";
import { maxRuns, type TrainingRun, trainingRunSchema } from "../../../shared/files/training-run.ts";
import { jsonExcess } from "../base/bounded-json.ts";
import { unpackEntry, type ZipEntry } from "../base/zip-archive.ts";

/** Curves of ten thousand heads keep within. */
const runLimits = { bytes: 2e6, values: 2e5, depth: 8 };

const runName = /^runs\/([1-9]\d{0,5})\.json$/;

/** Whether an entry of an archive is a run's. */
export function isRunEntry(name: string): boolean {
  return runName.test(name);
}

function numberOf(name: string): number {
  return Number(runName.exec(name)?.[1]);
}

/** What an archive keeps of runs: each is an entry that is named by its number. */
export function runEntries(runs: readonly TrainingRun[]): Record<string, Uint8Array> {
  return Object.fromEntries(
    runs.map(({ number, ...run }) => [`runs/${number}.json`, new TextEncoder().encode(JSON.stringify(run))]),
  );
}

/** The runs of an archive that can be unpacked: the newest as many as are kept, none that claims to be larger than a run is. */
export async function unpackedRuns(directory: readonly ZipEntry[]): Promise<Record<string, Uint8Array>> {
  const runs = directory
    .filter(({ name, bytes }) => isRunEntry(name) && bytes <= runLimits.bytes)
    .sort((a, b) => numberOf(b.name) - numberOf(a.name));
  const unpacked: Record<string, Uint8Array> = {};
  for (const entry of runs.slice(0, maxRuns)) {
    const bytes = await unpackEntry(entry).catch(() => undefined);
    if (bytes) unpacked[entry.name] = bytes;
  }
  return unpacked;
}

/**
 * The runs of an archive, the latest last.
 * @param damaged names of those that aren't as they were sealed
 * @returns with how many can't be read
 */
export function readRuns(
  entries: Readonly<Record<string, Uint8Array>>,
  damaged: ReadonlySet<string>,
): { readonly runs: readonly TrainingRun[]; readonly lost: number } {
  const whole = Object.keys(entries).filter((name) => isRunEntry(name) && !damaged.has(name));
  const runs = whole.flatMap((name) => readRun(name, entries[name]) ?? []);
  runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return { runs, lost: damaged.size + whole.length - runs.length };
}

function readRun(name: string, bytes: Uint8Array): TrainingRun | undefined {
  if (jsonExcess(bytes, runLimits)) return undefined;
  try {
    const run = JSON.parse(new TextDecoder().decode(bytes));
    return trainingRunSchema.parse({ ...run, number: numberOf(name) });
  } catch {
    return undefined;
  }
}

/** What the person is told of runs that can't be read. */
export function lostRunsText(lost: number): string {
  return `${formatCounted(lost, "training run")} of the project can't be read and ${lost === 1 ? "is" : "are"} left out; all else is as it was saved`;
}
