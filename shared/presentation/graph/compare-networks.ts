import { z } from "zod";
import { formatCounted } from "../../base/format-number.ts";
import type { GraphNode } from "../../model/backbone.ts";
import type { Block } from "./blocks.ts";

/** How a block of one network stands to the block of another that it is laid beside. */
export const blockStates = ["same", "weights", "changed", "only here", "only there"] as const;

/** What a comparison says of one block. */
export type BlockState = (typeof blockStates)[number];

const sideSchema = z.object({ index: z.number().int(), label: z.string() });

/** Two networks block by block, in the order of both. */
export const networkDifferenceSchema = z.object({
  /** What the other network's file is called. */
  name: z.string(),
  rows: z.array(
    z.object({
      state: z.enum(blockStates),
      here: sideSchema.optional(),
      there: sideSchema.optional(),
      /** What differs, in words. */
      changes: z.array(z.string()),
    }),
  ),
});

export type NetworkDifference = Readonly<z.infer<typeof networkDifferenceSchema>>;
export type DifferenceRow = NetworkDifference["rows"][number];

/** A block as it is compared. */
export interface ComparedBlock {
  readonly index: number;
  readonly label: string;
  readonly nodes: readonly Pick<GraphNode, "operator" | "attributes" | "outputs" | "parameters">[];
  /** Of each operator, what its weights are known by. */
  readonly weights: readonly string[];
}

/** What a pair of blocks is worth in the alignment; the more alike they are, the rather they stand side by side. */
const worth = { same: 5, weights: 4, changed: 2 } as const;

/** Differences of a block that are named; the rest are counted. */
const mostChanges = 4;

/**
 * Lays the blocks of two networks side by side so that as much as possible is alike: a longest common subsequence in which
 * blocks of the same operators may differ in weights, or in settings and shapes. Names play no part, since exporters choose them.
 */
export function compareBlocks(
  here: readonly ComparedBlock[],
  there: readonly ComparedBlock[],
): DifferenceRow[] {
  const [own, others] = [here, there].map((blocks) => blocks.map(signatureOf));
  const width = others.length + 1;
  // The most that blocks from i on and from j on can be worth together.
  const most = new Int32Array((own.length + 1) * width);
  const pairWorth = (i: number, j: number) => {
    const state = stateOf(own[i], others[j]);
    return state ? worth[state] + most[(i + 1) * width + j + 1] : 0;
  };
  for (let i = own.length - 1; i >= 0; i--)
    for (let j = others.length - 1; j >= 0; j--)
      most[i * width + j] = Math.max(pairWorth(i, j), most[(i + 1) * width + j], most[i * width + j + 1]);
  const rows: DifferenceRow[] = [];
  let [i, j] = [0, 0];
  while (i < own.length || j < others.length) {
    const isPair = i < own.length && j < others.length && pairWorth(i, j) === most[i * width + j];
    const state = isPair ? stateOf(own[i], others[j]) : null;
    if (state) rows.push(pairRow(state, here[i++], there[j++]));
    else if (j === others.length || (i < own.length && most[(i + 1) * width + j] === most[i * width + j]))
      rows.push({ state: "only here", here: sideOf(here[i++]), changes: [] });
    else rows.push({ state: "only there", there: sideOf(there[j++]), changes: [] });
  }
  return rows;
}

interface Signature {
  readonly operators: string;
  readonly structure: string;
  readonly weights: string;
}

function signatureOf({ nodes, weights }: ComparedBlock): Signature {
  return {
    operators: nodes.map(({ operator }) => operator).join(" "),
    structure: JSON.stringify(nodes.map((node) => [...settingsOf(node)])),
    weights: weights.join(" "),
  };
}

/** Null for blocks that have nothing in common. */
function stateOf(one: Signature, other: Signature): keyof typeof worth | null {
  if (one.operators !== other.operators) return null;
  if (one.structure !== other.structure) return "changed";
  return one.weights === other.weights ? "same" : "weights";
}

/** What an operator does but for its weights' values: by name, in a fixed order. */
function settingsOf({
  attributes,
  outputs,
  parameters,
}: ComparedBlock["nodes"][number]): Map<string, string> {
  const settings = Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map([
    ...settings,
    ...outputs.map(({ shape, type }): [string, string] => ["result", `${type} ${shape.join(" × ")}`]),
    ["parameters", String(parameters)],
  ]);
}

function sideOf({ index, label }: ComparedBlock) {
  return { index, label };
}

function pairRow(state: keyof typeof worth, here: ComparedBlock, there: ComparedBlock): DifferenceRow {
  const sides = { here: sideOf(here), there: sideOf(there) };
  if (state === "same") return { state, ...sides, changes: [] };
  if (state === "weights") return { state, ...sides, changes: [changedWeights(here, there)] };
  const changes = here.nodes.flatMap((node, index) => changesOf(node, there.nodes[index]));
  const left = changes.length - mostChanges;
  const shown = left > 0 ? [...changes.slice(0, mostChanges), `${left} more`] : changes;
  return { state, ...sides, changes: shown };
}

function changedWeights(here: ComparedBlock, there: ComparedBlock): string {
  const changed = here.weights.filter((weights, index) => weights !== there.weights[index]).length;
  return `weights of ${formatCounted(changed, "operator")}`;
}

function changesOf(one: ComparedBlock["nodes"][number], other: ComparedBlock["nodes"][number]): string[] {
  const [own, others] = [settingsOf(one), settingsOf(other)];
  return [...new Set([...own.keys(), ...others.keys()])]
    .filter((name) => own.get(name) !== others.get(name))
    .map((name) => `${one.operator} ${name}: ${own.get(name) ?? "–"} → ${others.get(name) ?? "–"}`);
}

/** The blocks of this project that have no equal in the other network, by their index. */
export function differingBlocks({
  rows,
}: Pick<NetworkDifference, "rows">): ReadonlyMap<number, DifferenceRow> {
  return new Map(rows.flatMap((row) => (row.here && row.state !== "same" ? [[row.here.index, row]] : [])));
}

/** How a block on the graph differs; further networks than the backbone are compared with nothing. */
export function differenceAt(
  differing: ReadonlyMap<number, DifferenceRow>,
  { member, index }: Pick<Block, "member" | "index">,
): DifferenceRow | undefined {
  return member === undefined ? differing.get(index) : undefined;
}

/** Of which kinds there are blocks, and how many, in words: "12 same", "1 changed". */
export function blockCounts({
  rows,
}: Pick<NetworkDifference, "rows">): { readonly state: BlockState; readonly text: string }[] {
  return blockStates.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count > 0 ? [{ state, text: `${count} ${blockStateWords[state]}` }] : [];
  });
}

/** The same in one line: "12 same, 1 changed". */
export function describeDifference(difference: Pick<NetworkDifference, "rows">): string {
  return blockCounts(difference)
    .map(({ text }) => text)
    .join(", ");
}

/** What a block's state is called. */
export const blockStateWords: Readonly<Record<BlockState, string>> = {
  same: "same",
  weights: "with other weights",
  changed: "changed",
  "only here": "only here",
  "only there": "only there",
};
