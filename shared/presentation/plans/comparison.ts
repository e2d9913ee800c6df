import { formatPercent } from "../../base/format-number.ts";
import { outputHead, type PartitionedPlan, type PlanFigures, type PlanWay } from "../../model/plan.ts";
import { planNetworks, sharesOf } from "../../model/plan-networks.ts";
import { chainLabel, type PlaceNames, placeInNetwork } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import { type BackbonePoint, backboneFigures } from "./backbone-point.ts";
import { plainNumber, toCsv } from "./csv.ts";
import { areChained, comparedColumns, knownColumns, type PlanColumn, planColumns } from "./plan-columns.ts";

/** A column of the comparison. */
export interface ComparedPlan extends PartitionedPlan {
  readonly name: string;
  /** What the person says of it. */
  readonly note?: string;
  /** Null if the plan doesn't fit the heads or the target. */
  readonly figures: PlanFigures | null;
}

/** A figure of one plan beside the first plan's. */
export interface ComparedCell {
  readonly text: string;
  /** As "+0.20 pp"; none for the first column or where they are equal. */
  readonly difference: string | null;
  readonly verdict: "better" | "worse" | null;
}

export interface ComparedRow {
  readonly title: string;
  readonly cells: readonly ComparedCell[];
}

export const partitionTitle = "Server takes over";

/** Every figure of the plans, each beside the first plan's. */
export function comparedFigures(plans: readonly ComparedPlan[], backbone: BackbonePoint): ComparedRow[] {
  return knownColumns(comparedColumns, plans, backbone).map(({ difference, ...column }) => {
    const values = plans.map((plan) => plan.figures && column.of(plan.figures, backbone, plan));
    const [first] = values;
    return {
      title: column.fullTitle,
      cells: values.map((value, index) => {
        if (value === null) return { text: "–", difference: null, verdict: null };
        const text = column.format(value);
        const differs = index > 0 && first !== null && text !== column.format(first);
        return {
          text,
          difference: differs ? difference(first, value) : null,
          verdict: differs ? verdictOf(column, first, value) : null,
        };
      }),
    };
  });
}

function verdictOf(
  { better }: Pick<PlanColumn, "better">,
  first: number,
  value: number,
): ComparedCell["verdict"] {
  if (better === null || first === value) return null;
  return value > first === (better === "more") ? "better" : "worse";
}

/** The k-th exit of a plan in words, and the share of samples that leaves there. */
export interface ComparedExit {
  readonly place: string;
  readonly how: string;
  readonly rate: string | null;
}

/** The exits of all plans in one network. */
export interface ComparedNetwork {
  /** Of the network; null where the backbone is the only one that any plan goes through. */
  readonly title: string | null;
  /** Per plan the share of samples that the network answers; null where its figures aren't known or it isn't gone through. */
  readonly answered: readonly (string | null)[];
  /** Row k holds every plan's exit k in the network; null where a plan has fewer. */
  readonly exits: readonly (readonly (ComparedExit | null)[])[];
}

/** The plans' exits by the networks that they stand in, in the order in which the plans go through these. */
export function comparedNetworks(
  plans: readonly ComparedPlan[],
  places: PlaceNames,
): readonly ComparedNetwork[] {
  const { networks } = places;
  const parts = plans.map((plan) => planNetworks(plan, networks.backbone));
  const members = [...new Set(parts.flat().map(({ member }) => member))];
  const hasChains = areChained(plans);
  return members.map((member) => {
    const own = parts.map((part) => part.find((network) => network.member === member));
    const maxExits = Math.max(0, ...own.map((network) => network?.exits.length ?? 0));
    return {
      title: hasChains ? networks.short(member) : null,
      answered: own.map((network, index) => {
        const { figures } = plans[index];
        return network && figures ? formatPercent(sharesOf(network, figures.exitRates).answered) : null;
      }),
      exits: Array.from({ length: maxExits }, (_, k) =>
        own.map((network, index) => {
          const exit = network?.exits[k];
          if (!network || !exit) return null;
          const { figures } = plans[index];
          return {
            place: placeInNetwork(exit, places),
            how: `${exit.head === outputHead ? "" : `${exit.head}, `}${exit.policy} ≥ ${exit.threshold.toFixed(3)}`,
            rate: figures && formatPercent(figures.exitRates[network.first + k]),
          };
        }),
      ),
    };
  });
}

/** Whether a server takes over in any of the plans. */
export function arePartitioned(plans: readonly PartitionedPlan[]): boolean {
  return plans.some(({ cut }) => cut !== undefined);
}

/** Whether the person says something of any of them. */
export function areNoted(plans: readonly Pick<ComparedPlan, "note">[]): boolean {
  return plans.some(({ note }) => note !== undefined);
}

/** How a comparison names places. */
export interface ComparedPlaces extends PlaceNames {
  partition(way: PlanWay): string;
}

/** The comparison as rows of plain text, for Markdown and CSV. */
function asText(
  plans: readonly ComparedPlan[],
  backbone: BackbonePoint,
  places: ComparedPlaces,
): { header: string[]; rows: string[][] } {
  const figures = comparedFigures(plans, backbone).map(({ title, cells }) => [
    title,
    ...cells.map(({ text, difference }) => (difference ? `${text} (${difference})` : text)),
  ]);
  const networks = comparedNetworks(plans, places).flatMap(({ title, answered, exits }) => [
    ...(title === null ? [] : [[`Answered by ${title}`, ...answered.map((share) => share ?? "–")]]),
    ...exits.map((cells, k) => [
      title === null ? `Exit ${k + 1}` : `${title}, exit ${k + 1}`,
      ...cells.map((cell) => (cell ? `${cell.place}: ${cell.how}${cell.rate ? `, ${cell.rate}` : ""}` : "")),
    ]),
  ]);
  const chains = areChained(plans)
    ? [[planColumns.networks.fullTitle, ...plans.map((plan) => chainLabel(plan, places.networks))]]
    : [];
  const partitions = arePartitioned(plans)
    ? [[partitionTitle, ...plans.map((plan) => places.partition(plan))]]
    : [];
  const notes = areNoted(plans) ? [["Note", ...plans.map(({ note = "" }) => note)]] : [];
  return {
    header: ["", ...plans.map(({ name }) => name)],
    rows: [...figures, ...chains, ...partitions, ...networks, ...notes],
  };
}

export function comparisonMarkdown(
  plans: readonly ComparedPlan[],
  backbone: BackbonePoint,
  places: ComparedPlaces,
): string {
  const { header, rows: body } = asText(plans, backbone, places);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [header.map(markdownCell), header.map(() => "---"), ...body.map((row) => row.map(markdownCell))]
    .map(line)
    .join("");
}

function markdownCell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, "\\$&").replace(/\s+/g, " ");
}

/** Plain numbers, one plan a line. */
export function comparisonCsv(
  plans: readonly ComparedPlan[],
  backbone: BackbonePoint,
  titles: NetworkTitles,
): string {
  const hasChains = areChained(plans);
  const columns = knownColumns(comparedColumns, plans, backbone);
  const header = [
    "plan",
    ...columns.map(({ csv }) => csv),
    ...(hasChains ? [planColumns.networks.csv] : []),
    ...(arePartitioned(plans) ? ["cut"] : []),
    "exits",
    ...(areNoted(plans) ? ["note"] : []),
  ];
  return toCsv(
    header,
    plans.map((plan) => [
      plan.name,
      ...columns.map(({ of }) => plan.figures && plainNumber(of(plan.figures, backbone, plan))),
      ...(hasChains ? [chainLabel(plan, titles)] : []),
      ...(arePartitioned(plans) ? [plan.cut ?? null] : []),
      plan.exits
        .map(({ member, cutPoint, head, policy, threshold }) =>
          [...(plan.chain ? [`${titles.short(member)}:`] : []), cutPoint, head, policy, threshold].join(" "),
        )
        .join("; "),
      ...(areNoted(plans) ? [plan.note ?? null] : []),
    ]),
  );
}

/** The backbone as a plan without exits. */
export function backboneColumn(backbone: BackbonePoint): ComparedPlan {
  return { name: "backbone", exits: [], figures: backboneFigures(backbone) };
}
