import { plainName } from "../../shared/base/plain-name.ts";
import type { SpeedupsAtDrop } from "../../shared/files/summary.ts";
import { factor, points, table } from "./format.ts";

/** Speed-ups without tuned networks, with them and of static networks, by what may be lost; nothing where none was tuned. */
export function describeTunedFront(speedups: readonly SpeedupsAtDrop[]): string[] {
  if (speedups.length === 0) return [];
  const rows = speedups.map(({ dropPp, frozen, tuned, rival }) => [
    points(dropPp),
    factor(frozen),
    factor(tuned),
    rival ? `${factor(rival.speedup)} ${plainName(rival.name)}` : "-",
  ]);
  return ["", ...table(["drop up to", "frozen", "tuned", "static network"], rows)];
}
