import { plainName } from "../../shared/base/plain-name.ts";
import {
  blockStateWords,
  describeDifference,
  type NetworkDifference,
} from "../../shared/presentation/graph/compare-networks.ts";
import { table } from "./format.ts";

/** Which blocks of a network differ from another's; those that are the same are counted alone. */
export function differenceLines(difference: NetworkDifference): string[] {
  const rows = difference.rows
    .filter(({ state }) => state !== "same")
    .map(({ state, here, there, changes }) => [
      here ? `${here.index} ${here.label}` : "–",
      there ? `${there.index} ${there.label}` : "–",
      blockStateWords[state],
      changes.join("; "),
    ]);
  return [
    "",
    `blocks compared with ${plainName(difference.name)}: ${describeDifference(difference)}`,
    ...(rows.length > 0 ? table(["here", "there", "block is", "what differs"], rows) : []),
  ];
}
