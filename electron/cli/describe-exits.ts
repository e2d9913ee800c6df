import { plainName } from "../../shared/base/plain-name.ts";
import { outputHead, type PartitionedPlan, type PlanExit } from "../../shared/model/plan.ts";

/** A network of the project, as people know it. */
export interface NamedNetwork {
  readonly sha256: string;
  readonly name: string;
}

type Chained = Pick<PartitionedPlan, "chain">;

/** Where an exit stands and what stands there. @param networks of the project, the backbone first */
export function exitPlace(
  { member, cutPoint, head }: PlanExit,
  { chain }: Chained,
  networks: readonly NamedNetwork[],
): [place: string, head: string] {
  const name = nameOf(member, networks);
  if (head === outputHead) return [outputOf(name), ""];
  return [chain ? `${name}: ${cutPoint}` : cutPoint, head];
}

/** Where those leave that no exit took. */
export function lastPlace({ chain }: Chained, networks: readonly NamedNetwork[]): string {
  return chain ? outputOf(nameOf(chain[chain.length - 1], networks)) : "backbone";
}

/** The networks in a plan's order, if it says which. */
export function chainText({ chain }: Chained, networks: readonly NamedNetwork[]): string | undefined {
  return chain?.map((sha256) => nameOf(sha256, networks)).join(", then ");
}

function outputOf(name: string): string {
  return `output of ${name}`;
}

function nameOf(sha256: string | undefined, networks: readonly NamedNetwork[]): string {
  const found = sha256 === undefined ? networks.at(0) : networks.find((own) => own.sha256 === sha256);
  return found ? plainName(found.name) : sha256 === undefined ? "backbone" : `${sha256.slice(0, 8)}…`;
}
