import type { CutPoint } from "../../../shared/model/backbone.ts";
import { cutPointByTensor } from "../onnx/backbone.ts";
import type { Design } from "./design.ts";

/** One of the models that a network is staged as: the backbone from where the one before ends to its own end. */
export interface Stage {
  /** Absent: from the image. */
  readonly from?: CutPoint;
  /** Absent: to the backbone's end. */
  readonly to?: CutPoint;
  /** At its end; absent at the backbone's end, and where it ends only because a server takes over. */
  readonly exit?: Design["exits"][number];
  /** Which of two targets runs it; absent if the plan isn't partitioned. */
  readonly target?: "device" | "server";
}

/**
 * Splits a plan's network at its exits and where a server takes over.
 * @throws AppError 'file-invalid' if the plan is partitioned where the model can't be
 */
export function stagesOf({ backbone: { summary }, plan, exits }: Design): Stage[] {
  const onDevice = deviceEnd();
  const ends: { to: CutPoint; exit?: Stage["exit"] }[] = exits.map((exit) => ({ to: exit.cut, exit }));
  if (onDevice && exits.every(({ cut }) => cut.index !== onDevice.index)) ends.push({ to: onDevice });
  ends.sort((a, b) => a.to.index - b.to.index);
  return [...ends, {}].map((end: Pick<Stage, "to" | "exit">, k) => ({
    ...end,
    from: ends[k - 1]?.to,
    target: targetOf(end.to),
  }));

  /** Where the device's part ends; nowhere if it has none, or all. */
  function deviceEnd(): CutPoint | undefined {
    const { cut } = plan;
    return cut === undefined || cut === summary.input.name ? undefined : cutPointByTensor(summary, cut);
  }

  function targetOf(to: CutPoint | undefined): Stage["target"] {
    if (plan.cut === undefined) return undefined;
    return to && onDevice && to.index <= onDevice.index ? "device" : "server";
  }
}
