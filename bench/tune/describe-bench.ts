import { factor, points, table } from "../../electron/cli/format.ts";
import type { PythonFacts } from "../../electron/engine/index.ts";
import type { ChartedPlan, FrontFile } from "../../shared/files/front-file.ts";
import { isBackbone } from "../../shared/model/plan.ts";
import type { BenchedProject } from "../chains/benched-project.ts";
import { type VerifiedFigures, verifyChoice } from "../chains/verified-choice.ts";
import type { ProcessLosses } from "./compare-processes.ts";

export type Kind = "frozen" | "tuned";

/** The fastest plan for a wished drop, on the samples that it was chosen on and as a file. */
interface Gain {
  readonly wishPp: number;
  readonly speedup: number;
  /** Absent of the backbone alone. */
  readonly verified?: VerifiedFigures;
}

interface KindFigures {
  readonly hypervolume: number;
  readonly isProven: boolean;
  readonly plans: number;
  readonly speedups: readonly Gain[];
}

export interface Benched extends Readonly<Record<Kind, KindFigures>> {
  readonly machine: string;
  readonly python: PythonFacts;
  readonly networks: readonly string[];
  readonly samples: number;
  readonly testSamples: number;
  readonly processes: ProcessLosses;
}

/** What a front's plans do: each exported as one file, and run in turns with the original. */
export async function verifiedKind(
  benched: BenchedProject,
  { backbone }: Pick<FrontFile, "backbone">,
  { front, hypervolume, proven }: Pick<FrontFile["searches"][number], "front" | "hypervolume" | "proven">,
  dropsPp: readonly number[],
  seconds: number,
  say: (text: string) => void,
): Promise<KindFigures> {
  const speedups: Gain[] = [];
  for (const wishPp of dropsPp) {
    const plan = fastest(front, backbone.accuracy - wishPp / 100);
    const speedup = plan ? backbone.latencyMs / plan.latencyMs : 1;
    if (!plan || isBackbone(plan)) speedups.push({ wishPp, speedup });
    else {
      say(`verify: ${wishPp} pp`);
      speedups.push({ wishPp, speedup, verified: await verifyChoice(benched, plan, seconds) });
    }
  }
  return { hypervolume, isProven: proven, plans: front.length, speedups };
}

/** Accuracies are shares of some thousand samples, which are a rounding apart at most. */
const rounding = 1e-9;

/** @param front by rising latency */
export function fastest(front: readonly ChartedPlan[], leastAccuracy: number): ChartedPlan | undefined {
  return front.find(({ accuracy }) => accuracy >= leastAccuracy - rounding);
}

/** What was found, as people read it in a terminal. */
export function describeBench(found: Benched): string {
  const { machine, python, networks, samples, testSamples, processes } = found;
  const rows = (["frozen", "tuned"] as const).flatMap((kind) =>
    found[kind].speedups.map(({ wishPp, speedup, verified }) => [
      kind,
      points(wishPp),
      factor(speedup),
      verified ? factor(verified.speedup) : "1.00x",
      verified ? points(verified.dropPp, verified.dropHalfWidthPp) : points(0),
    ]),
  );
  const fronts = (["frozen", "tuned"] as const).map((kind) => {
    const { hypervolume, isProven, plans } = found[kind];
    return [kind, hypervolume.toFixed(4), String(plans), isProven ? "proven" : "not proven"];
  });
  return [
    `machine   ${machine}; PyTorch ${python.torch}${python.gpus.length > 0 ? `, ${python.gpus.join(", ")}` : ""}`,
    `networks  ${networks.join(", ")}`,
    `samples   ${samples} to choose on, ${testSamples} to verify on`,
    "",
    ...table(["networks", "hypervolume", "plans", "front"], fronts),
    "",
    ...table(["networks", "drop up to", "speed-up", "measured", "measured drop"], rows),
    "",
    `loss per epoch in one process ${processes.one.map((loss) => loss.toPrecision(4)).join(", ")}; in two ${processes.two.map((loss) => loss.toPrecision(4)).join(", ")}`,
  ].join("\n");
}
