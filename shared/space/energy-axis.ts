import { AppError } from "../base/errors.ts";
import type { UseCase } from "../model/use-case.ts";
import type { DesignSpace } from "./design-space.ts";
import { oncePerSpace } from "./once-per-space.ts";
import type { SearchSpace } from "./search-space.ts";

/**
 * The space in which a use case's front is searched. Energy adds up along a plan as latency does, so on its axis the same plans
 * are searched in a space whose costs are energies: wherever such a space, its evaluator and its front say ms, they
 * mean mJ. Only searches see it; figures are worked out on the space as it was.
 * @throws AppError 'internal' if the energies of the space aren't known, see `spacesWithin`
 */
export function onAxis(space: SearchSpace, { axis }: Pick<UseCase, "axis">): SearchSpace {
  return axis === "energy" ? onEnergyAxis(space) : space;
}

const onEnergyAxis = oncePerSpace((space): SearchSpace => {
  const known = (millijoules: number | undefined): number => {
    if (millijoules !== undefined) return millijoules;
    throw new AppError("internal", "a space without energies was to be searched for energy");
  };
  return {
    ...space,
    backboneMs: known(space.backboneMillijoules),
    referenceMs: space.referenceMs === undefined ? undefined : known(space.referenceMillijoules),
    candidates: space.candidates.map((candidate) => ({
      ...candidate,
      prefixMs: known(candidate.energy?.prefixMillijoules),
      headMs: known(candidate.energy?.headMillijoules),
    })),
  };
});

/** Whether the energy of every plan of a space is known. */
export function hasEnergy({ backboneMillijoules, candidates }: SearchSpace): boolean {
  return backboneMillijoules !== undefined && candidates.every(({ energy }) => energy !== undefined);
}

/**
 * The spaces that can be searched for a use case: where it speaks of energy, those of which that is known.
 * @param spaces the backbone alone on the device first
 * @throws AppError 'usage' if that isn't known of the first
 */
export function spacesWithin(spaces: readonly DesignSpace[], useCase: UseCase): DesignSpace[] {
  if (useCase.axis !== "energy" && useCase.maxEnergyMillijoules === undefined) return [...spaces];
  const [device, ...others] = spaces;
  if (!hasEnergy(device.space))
    throw new AppError(
      "usage",
      `${useCase.axis === "energy" ? "the front is to be one of energies" : "energy is limited"}, but the profile says ` +
        "nothing of the energy that the network takes",
      { missing: "energy" },
    );
  return [device, ...others.filter(({ space }) => hasEnergy(space))];
}
