import { formatCounted, formatPercent } from "../../base/format-number.ts";
import type { NetworkView } from "../../files/project-view.ts";
import type { BackboneSummary, ReadyExit } from "../../model/backbone.ts";

/** "3 exits came with the network". */
export function cameWith(exits: number): string {
  return `${formatCounted(exits, "exit")} came with the network`;
}

/** Exits that came with a network and that nothing is known of yet: they have to be calibrated on images, and learn nothing. */
export function uncalibratedExits({
  backbone,
  heads,
}: Pick<NetworkView, "backbone" | "heads">): readonly ReadyExit[] {
  return heads.length > 0 ? [] : backbone.readyExits;
}

/** MACs of all that is computed up to an exit's scores, of the whole network's; undefined where the exit's own aren't known. */
export function readyExitShare(
  { cutPoints, macs }: Pick<BackboneSummary, "cutPoints" | "macs">,
  { cutPoint, macs: own }: ReadyExit,
): number | undefined {
  const cut = cutPoints.find(({ tensor }) => tensor === cutPoint);
  return cut && own !== undefined ? (cut.macs + own) / macs : undefined;
}

/** The same for people: "21.3 % of MACs". */
export function readyExitText(summary: Pick<BackboneSummary, "cutPoints" | "macs">, exit: ReadyExit): string {
  const share = readyExitShare(summary, exit);
  return share === undefined ? "" : `${formatPercent(share)} of MACs`;
}
