import { formatCounted, formatPercent } from "../../base/format-number.ts";
import type { PartitionedPlan } from "../../model/plan.ts";
import { type PlanNetwork, planNetworks, sharesOf } from "../../model/plan-networks.ts";
import { formatProbability } from "../words/describe-outlook.ts";
import { type NamedNetwork, networkTitles } from "../words/network-titles.ts";

/** A network on the way of a plan's samples. */
export interface AnsweringNetwork extends Pick<PlanNetwork, "first" | "outputs"> {
  readonly name: string;
}

/** What of a plan says who answers its inputs. */
export interface Answering {
  /** How many the plan has. */
  readonly exits: number;
  /** The networks that it goes through, in their order; absent of the backbone alone. */
  readonly through?: readonly AnsweringNetwork[];
}

/** The networks that a plan goes through. @param networks of the project, the backbone first */
export function networksOnTheWay(
  plan: Pick<PartitionedPlan, "exits" | "chain">,
  networks: readonly NamedNetwork[] = [],
): readonly AnsweringNetwork[] | undefined {
  if (!plan.chain) return undefined;
  const titles = networkTitles(networks);
  return planNetworks(plan, titles.backbone).map(({ member, first, outputs }) => ({
    name: titles.whole(member),
    first,
    outputs,
  }));
}

/** There is nothing to gain and nothing to lose then. */
export function isBackboneAlone({ exits, through }: Answering): boolean {
  return exits === 0 && !through;
}

/** What becomes of the inputs, as the beginning of a sentence. */
export function whoAnswers({ exits, through }: Answering, rates: readonly number[]): string {
  const early = rates.slice(0, exits).reduce((sum, rate) => sum + rate, 0);
  if (!through && exits === 0) return "The plan has no exits and is the backbone alone";
  if (through && through.length > 1) return networksAnswer(through, rates);
  if (through && exits === 0) return `The plan has no exits and is ${through[0].name} alone`;
  const whose = through ? ` of ${through[0].name}` : "";
  const answer = exits === 1 ? "answers" : "answer";
  return `${formatCounted(exits, "exit")}${whose} ${answer} ${formatPercent(early, 0)} of the inputs early`;
}

/** "ft_resnet20 answers 71 % of the inputs, ft_resnet56 the rest". */
function networksAnswer(through: readonly AnsweringNetwork[], rates: readonly number[]): string {
  const [first, ...between] = through.slice(0, -1);
  const answeredBy = (network: AnsweringNetwork) => formatProbability(sharesOf(network, rates).answered);
  return [
    `${first.name} answers ${answeredBy(first)} of the inputs`,
    ...between.map((network) => `${network.name} ${answeredBy(network)}`),
    `${through[through.length - 1].name} the rest`,
  ].join(", ");
}
