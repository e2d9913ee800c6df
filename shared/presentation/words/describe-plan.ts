import { outputHead, type PartitionedPlan, type PlanExit } from "../../model/plan.ts";
import { planNetworks } from "../../model/plan-networks.ts";
import type { NetworkTitles } from "./network-titles.ts";

/** How people call the places where exits stand. */
export interface PlaceNames {
  readonly networks: NetworkTitles;
  /** @param member of the network whose tensor it is, as exits say it */
  cutPoint(tensor: string, member?: string): string;
}

/** Places by the names that the models' files give them. */
export function namedByTensor(networks: NetworkTitles): PlaceNames {
  return { networks, cutPoint: (tensor) => tensor };
}

type Designed = Pick<PartitionedPlan, "exits" | "chain">;

/** The networks that a plan goes through, for a sentence: "NAME, then NAME", "NAME alone"; undefined of the backbone alone. */
export function describeChain({ chain }: Pick<Designed, "chain">, titles: NetworkTitles): string | undefined {
  const networks = chain?.map(titles.whole).join(", then ");
  return chain?.length === 1 ? `${networks} alone` : networks;
}

/** The same where there is little room: "resnet20 → resnet56"; of every plan. */
export function chainLabel({ chain }: Pick<Designed, "chain">, titles: NetworkTitles): string {
  return chain?.map(titles.short).join(" → ") ?? titles.short();
}

/**
 * The plan in one line: `block 3 ≥ 0.915, block 7 ≥ 0.670`, with the networks that it goes through unless it is of the
 * backbone alone: `resnet20: block 3 ≥ 0.915, output ≥ 0.670, then resnet56`.
 */
export function describePlan(plan: Designed, places: PlaceNames): string {
  const { exits, chain } = plan;
  const { networks } = places;
  const listed = (own: readonly PlanExit[]) =>
    own.map((exit) => `${placeInNetwork(exit, places)} ≥ ${exit.threshold.toFixed(3)}`).join(", ");
  if (!chain) return exits.length === 0 ? "backbone alone" : listed(exits);
  if (chain.length === 1 && exits.length === 0) return `${networks.short(chain[0])} alone`;
  return planNetworks(plan, networks.backbone)
    .map(({ member, exits: own }) => {
      const name = networks.short(member);
      return own.length > 0 ? `${name}: ${listed(own)}` : name;
    })
    .join(", then ");
}

/** Where an exit stands in its network: "block 3", "output". */
export function placeInNetwork(
  { member, cutPoint, head }: PlanExit,
  { cutPoint: nameOf }: PlaceNames,
): string {
  return head === outputHead ? "output" : nameOf(cutPoint, member);
}

/** Where an exit stands in its plan, with its network unless that is the backbone alone. */
export function placeOfExit(exit: PlanExit, { chain }: Pick<Designed, "chain">, places: PlaceNames): string {
  const { member, head } = exit;
  const name = places.networks.short(member);
  if (head === outputHead) return outputOf(name);
  const place = placeInNetwork(exit, places);
  return chain ? `${name}: ${place}` : place;
}

/** The same as where something stands: "after block 3", "after block 3 of resnet20", "at the output of resnet20". */
export function whereExitStands(
  exit: PlanExit,
  { chain }: Pick<Designed, "chain">,
  places: PlaceNames,
): string {
  const name = places.networks.short(exit.member);
  if (exit.head === outputHead) return `at the ${outputOf(name)}`;
  const where = `after ${placeInNetwork(exit, places)}`;
  return chain ? `${where} of ${name}` : where;
}

/** Where those leave that no exit took. */
export function placeOfEnd({ chain }: Pick<Designed, "chain">, titles: NetworkTitles): string {
  return chain ? outputOf(titles.short(chain[chain.length - 1])) : "backbone";
}

/** What a network's own output is called where others stand beside it. @param name of the network */
export function outputOf(name: string): string {
  return `output of ${name}`;
}
