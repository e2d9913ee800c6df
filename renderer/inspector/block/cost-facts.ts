import {
  formatBytes,
  formatCount,
  formatMs,
  formatPercent,
  formatQuantity,
} from "../../../shared/base/format-number.ts";
import type { Cost } from "../../../shared/presentation/graph/blocks.ts";
import type { Fact } from "../pieces/Facts.tsx";

export interface WholeCost {
  readonly macs: number;
  readonly parameters: number;
  /** Of all operators as the runtime's profiler timed them; undefined without a profile. */
  readonly latencyMs: number | undefined;
}

/** What an operator or a block costs, and which share that is of the backbone. */
export function costFacts({ macs, parameters, activationBytes, latencyMs }: Cost, whole: WholeCost): Fact[] {
  return [
    { label: "MACs", value: formatQuantity(macs), note: shareOf(macs, whole.macs) },
    { label: "Parameters", value: formatCount(parameters), note: shareOf(parameters, whole.parameters) },
    { label: "Activations", value: formatBytes(activationBytes) },
    { label: "Measured time", ...measuredTime(latencyMs, whole.latencyMs) },
  ];
}

function shareOf(part: number, whole: number): string | undefined {
  return part > 0 && whole > 0 ? `${formatPercent(part / whole)} of the backbone` : undefined;
}

function measuredTime(ms: number | undefined, wholeMs: number | undefined): Pick<Fact, "value" | "note"> {
  if (wholeMs === undefined) return { value: "–", note: "no profile yet" };
  if (ms === undefined) return { value: "–", note: "fused into another operator by the runtime" };
  return { value: formatMs(ms), note: shareOf(ms, wholeMs) };
}
