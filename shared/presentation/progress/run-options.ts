import type { RunOptions, TrainingRun } from "../../files/training-run.ts";
import { inWords } from "../../model/schema-fields.ts";

/** An option of a run and its value, in words. */
interface ShownOption {
  readonly label: string;
  readonly value: string;
}

/** What runs were asked for beside the seed, as far as they differ: per run, in the same order. */
export function differingOptions(runs: readonly Pick<TrainingRun, "options">[]): ShownOption[][] {
  const all = runs.map(({ options }) => flatOptions(options));
  const labels = [...new Set(all.flatMap((options) => [...options.keys()]))];
  const differing = labels.filter((label) => new Set(all.map((options) => options.get(label))).size > 1);
  return all.map((options) =>
    differing.flatMap((label) => {
      const value = options.get(label);
      return value === undefined ? [] : [{ label, value }];
    }),
  );
}

/** Everything beside the seed, by its label. */
function flatOptions({ heads, training, splits }: RunOptions): Map<string, string> {
  const { seed: _, ...rest } = training;
  return new Map([
    ["Heads", heads.map(({ kind }) => kind).join(", ")],
    ...heads.flatMap(({ kind, options }) => inPairs(options, `${kind} `)),
    ...inPairs(rest),
    ...inPairs(splits, "Data: "),
  ]);
}

function inPairs(options: Readonly<Record<string, unknown>>, prefix = ""): [string, string][] {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const label = prefix === "" ? inWords(key) : prefix + inWords(key).toLowerCase();
      return [label, valueText(value)];
    });
}

function valueText(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "string" ? value : JSON.stringify(value);
}
