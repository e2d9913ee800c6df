import { formatPercent } from "../../base/format-number.ts";
import type { PartitionedPlan, PlanFigures } from "../../model/plan.ts";
import { type BackbonePoint, backboneFigures } from "./backbone-point.ts";
import { toCsv } from "./csv.ts";
import { comparedColumns, type PlanColumn } from "./plan-columns.ts";

/** A column of the comparison. */
export interface ComparedPlan extends PartitionedPlan {
  readonly name: string;
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
  return comparedColumns.map(({ difference, ...column }) => {
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

/** Row k holds every plan's exit k; null where a plan has fewer. */
export function comparedExits(
  plans: readonly ComparedPlan[],
  nameOf: (cutPoint: string) => string,
): (ComparedExit | null)[][] {
  const maxExits = Math.max(0, ...plans.map(({ exits }) => exits.length));
  return Array.from({ length: maxExits }, (_, k) =>
    plans.map(({ exits, figures }) => {
      const exit = exits[k];
      if (!exit) return null;
      return {
        place: nameOf(exit.cutPoint),
        how: `${exit.head}, ${exit.policy} ≥ ${exit.threshold.toFixed(3)}`,
        rate: figures && formatPercent(figures.exitRates[k]),
      };
    }),
  );
}

/** Whether a server takes over in any of the plans. */
export function arePartitioned(plans: readonly PartitionedPlan[]): boolean {
  return plans.some(({ cut }) => cut !== undefined);
}

/** How a comparison names places. */
export interface PlaceNames {
  exit(cutPoint: string): string;
  partition(cut: string | undefined): string;
}

/** The comparison as rows of plain text, for Markdown and CSV. */
function asText(
  plans: readonly ComparedPlan[],
  backbone: BackbonePoint,
  nameOf: PlaceNames,
): { header: string[]; rows: string[][] } {
  const figures = comparedFigures(plans, backbone).map(({ title, cells }) => [
    title,
    ...cells.map(({ text, difference }) => (difference ? `${text} (${difference})` : text)),
  ]);
  const exits = comparedExits(plans, nameOf.exit).map((cells, k) => [
    `Exit ${k + 1}`,
    ...cells.map((cell) => (cell ? `${cell.place}: ${cell.how}${cell.rate ? `, ${cell.rate}` : ""}` : "")),
  ]);
  const partitions = arePartitioned(plans)
    ? [[partitionTitle, ...plans.map(({ cut }) => nameOf.partition(cut))]]
    : [];
  return { header: ["", ...plans.map(({ name }) => name)], rows: [...figures, ...partitions, ...exits] };
}

export function comparisonMarkdown(
  plans: readonly ComparedPlan[],
  backbone: BackbonePoint,
  nameOf: PlaceNames,
): string {
  const { header, rows: body } = asText(plans, backbone, nameOf);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [header.map(markdownCell), header.map(() => "---"), ...body.map((row) => row.map(markdownCell))]
    .map(line)
    .join("");
}

function markdownCell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, "\\$&").replace(/\s+/g, " ");
}

/** Plain numbers, one plan a line. */
export function comparisonCsv(plans: readonly ComparedPlan[], backbone: BackbonePoint): string {
  const header = [
    "plan",
    ...comparedColumns.map(({ csv }) => csv),
    ...(arePartitioned(plans) ? ["cut"] : []),
    "exits",
  ];
  return toCsv(
    header,
    plans.map((plan) => [
      plan.name,
      ...comparedColumns.map(({ of }) => plan.figures && of(plan.figures, backbone, plan)),
      ...(arePartitioned(plans) ? [plan.cut ?? null] : []),
      plan.exits
        .map(({ cutPoint, head, policy, threshold }) => `${cutPoint} ${head} ${policy} ${threshold}`)
        .join("; "),
    ]),
  );
}

/** The backbone as a plan without exits. */
export function backboneColumn(backbone: BackbonePoint): ComparedPlan {
  return { name: "backbone", exits: [], figures: backboneFigures(backbone) };
}
