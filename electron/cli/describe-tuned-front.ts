import { plainName } from "../../shared/base/plain-name.ts";
import type { SpeedupsAtDrop } from "../../shared/files/summary.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { factor, points, table } from "./format.ts";

/**
 * Speed-ups, or how many times less energy is taken, without tuned networks, with them and of static networks, by what may be lost;
 * nothing where none was tuned.
 */
export function describeTunedFront(
  speedups: readonly SpeedupsAtDrop[],
  { axis }: Pick<UseCase, "axis">,
): string[] {
  if (speedups.length === 0) return [];
  const rows = speedups.map(({ dropPp, frozen, tuned, rival }) => [
    points(dropPp),
    factor(frozen),
    factor(tuned),
    rival ? `${factor(rival.speedup)} ${plainName(rival.name)}` : "-",
  ]);
  const drop = axis === "energy" ? "less energy, drop up to" : "drop up to";
  return ["", ...table([drop, "frozen", "tuned", "static network"], rows)];
}
