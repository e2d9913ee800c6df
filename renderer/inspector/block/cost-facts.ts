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
  /** What shares are of: "the backbone". */
  readonly name: string;
  readonly macs: number;
  readonly parameters: number;
  /** Of all operators as the runtime's profiler timed them, or of the whole if it wasn't used; undefined without a profile. */
  readonly latencyMs: number | undefined;
  /** Whether operators were timed one by one. */
  readonly timesOperators: boolean;
}

/** What an operator or a block costs, and which share that is of the network. */
export function costFacts({ macs, parameters, activationBytes, latencyMs }: Cost, whole: WholeCost): Fact[] {
  return [
    { label: "MACs", value: formatQuantity(macs), note: shareOf(macs, whole.macs, whole) },
    {
      label: "Parameters",
      value: formatCount(parameters),
      note: shareOf(parameters, whole.parameters, whole),
    },
    { label: "Activations", value: formatBytes(activationBytes) },
    { label: "Measured time", ...measuredTime(latencyMs, whole) },
  ];
}

function shareOf(part: number, all: number, { name }: WholeCost): string | undefined {
  return part > 0 && all > 0 ? `${formatPercent(part / all)} of ${name}` : undefined;
}

function measuredTime(ms: number | undefined, whole: WholeCost): Pick<Fact, "value" | "note"> {
  if (whole.latencyMs === undefined) return { value: "–", note: "no profile yet" };
  if (ms !== undefined) return { value: formatMs(ms), note: shareOf(ms, whole.latencyMs, whole) };
  const note = whole.timesOperators
    ? "fused into another operator by the runtime"
    : "timed by the block only";
  return { value: "–", note };
}
