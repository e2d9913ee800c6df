import { formatPercent } from "../../base/format-number.ts";
import type { SearchRecord } from "../../files/front-file.ts";
import type { SearchedTargets } from "../../files/searched-targets.ts";

/** How certain a search is of what it found. */
export interface FrontState {
  /** In a word or two: "proven", "gap 3.2 %". */
  readonly label: string;
  /** The same with what it is about: "proven front", "best plan, gap 3.2 %". */
  readonly title: string;
  /** What the label means, in a sentence. */
  readonly meaning: string;
  readonly proven: boolean;
}

/** Of a front that was searched for others than the chosen targets: what was found on one is no front on another, nor on two. */
export const notOfThese: Readonly<Record<Exclude<SearchedTargets, "these">, FrontState>> = {
  "other device": {
    label: "other target",
    title: "front of another target",
    meaning:
      "The front was searched on another target; here its plans are shown with this target's latencies.",
    proven: false,
  },
  "other server": {
    label: "other server",
    title: "front of another server or link",
    meaning:
      "The front was searched for another server or another link; here its plans are shown with the latencies of those that are chosen.",
    proven: false,
  },
  "older measurement": {
    label: "older figures",
    title: "front of an older measurement",
    meaning:
      "A target was measured again since the front was searched; here its plans are shown with the new latencies.",
    proven: false,
  },
  "device alone": {
    label: "device alone",
    title: "front of the device alone",
    meaning:
      "The search looked for plans of the device alone. A new one looks for the best partitions as well.",
    proven: false,
  },
};

/**
 * @param search `proven` is absent while it runs; older files have no gap, proven or not. A front without a gap may still
 * lack plans outside the reference box.
 */
export function frontState({
  proven,
  gap,
  goal,
}: Partial<Pick<SearchRecord, "proven">> & Pick<SearchRecord, "gap" | "goal">): FrontState {
  const isBest = goal === "best";
  const what = isBest ? "best plan" : "front";
  if (proven ?? (isBest && gap === 0))
    return {
      label: "proven",
      title: `proven ${what}`,
      meaning: isBest
        ? "No plan among all that the search could choose from is better for the use case."
        : "No plan among all that the search could choose from is missing from the front.",
      proven: true,
    };
  if (gap === undefined)
    return {
      label: "not proven",
      title: `${what} not proven`,
      meaning: "This algorithm can't tell what it has missed; an exact search can.",
      proven: false,
    };
  const share = formatGap(gap);
  return {
    label: `gap ${share}`,
    title: `${what}, gap ${share}`,
    meaning: isBest
      ? bestGapMeaning(gap, share)
      : `Plans that were not looked at could add at most ${share} of hypervolume to this front.`,
    proven: false,
  };
}

function bestGapMeaning(gap: number, share: string): string {
  return gap >= 1
    ? "No plan that meets the use case has been found, nor is it proven that there is none."
    : `A plan that was not looked at could be better than the best one by at most ${share}.`;
}

/** A gap isn't shown as none. */
function formatGap(gap: number): string {
  if (gap < 0.0001) return "< 0.01 %";
  return formatPercent(gap, gap < 0.01 ? 2 : 1);
}
