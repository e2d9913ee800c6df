import type { BackboneSummary, CutPoint, GraphNode } from "../../model/backbone.ts";
import type { MemberProfile, Profile } from "../../model/profile.ts";

/** What an operator or a block costs at batch 1. */
export interface Cost {
  readonly macs: number;
  readonly parameters: number;
  readonly activationBytes: number;
  /** Measured on the chosen target; undefined without a profile, or where it was fused into another operator. */
  readonly latencyMs: number | undefined;
}

/** The operators between two neighbouring cut points. */
export interface Block {
  /** Order along the backbone, from 0; the number of the cut point that it ends with, the same in window and terminal. */
  readonly index: number;
  /** What the selection names it by. */
  readonly id: string;
  /** SHA-256 of the further network that it is a block of; the backbone's if absent. */
  readonly member?: string;
  /** Short, from the model's own names where they agree. */
  readonly label: string;
  readonly nodes: readonly GraphNode[];
  /** Of each operator. */
  readonly costs: readonly Cost[];
  /** Where the block ends; undefined for the last one. */
  readonly cutPoint: CutPoint | undefined;
  readonly cost: Cost;
}

/**
 * Divides a backbone at its cut points: block k holds what cut point k needs and the blocks before it do not hold; the
 * remaining operators are the last block. Without cut points there is one block. What serves the exits that came with it alone is
 * no part of the backbone.
 */
export function divideIntoBlocks(
  backbone: BackboneSummary,
  profile?: Pick<Profile, "nodes">,
): readonly Block[] {
  const latencies = latencyOfNodes(profile);
  const makers = new Map<string, GraphNode>();
  for (const node of backbone.nodes) for (const { name } of node.outputs) makers.set(name, node);
  const placed = new Set<GraphNode>();
  const groups = backbone.cutPoints.map((cut) => {
    const needed = unplacedBefore(makers.get(cut.tensor), makers, placed);
    return backbone.nodes.filter((node) => needed.has(node));
  });
  const branches = exitBranches(backbone, makers);
  groups.push(backbone.nodes.filter((node) => !placed.has(node) && !branches.has(node)));
  const outer = sharedScopes(backbone.nodes.map(({ name }) => scopesOf(name))).length;
  const labels = distinctLabels(groups.map((nodes) => labelOf(nodes, outer)));
  return groups.map((nodes, index) => {
    const costs = nodes.map((node) => costOf(node, latencies));
    return {
      index,
      id: `block-${index}`,
      label: labels[index],
      nodes,
      costs,
      cutPoint: backbone.cutPoints[index],
      cost: sumOf(costs),
    };
  });
}

/**
 * The same of a further network. Its operators aren't timed one by one, so a block's latency is what its prefix takes
 * longer than the one before it.
 */
export function divideMember(
  summary: BackboneSummary,
  profile?: Pick<MemberProfile, "prefixes" | "backbone">,
): readonly Block[] {
  const ends = profile && [
    ...summary.cutPoints.map(({ tensor }) => profile.prefixes.find(({ cutPoint }) => cutPoint === tensor)),
    profile.backbone,
  ];
  return divideIntoBlocks(summary).map((block, index) => {
    const [start, end] = [index === 0 ? 0 : ends?.[index - 1]?.meanMs, ends?.[index]?.meanMs];
    const latencyMs = start === undefined || end === undefined ? undefined : Math.max(0, end - start);
    return { ...block, member: summary.sha256, cost: { ...block.cost, latencyMs } };
  });
}

/** The operators of exits that came with the backbone which it doesn't need itself. */
function exitBranches(
  { output, readyExits }: BackboneSummary,
  makers: ReadonlyMap<string, GraphNode>,
): ReadonlySet<GraphNode> {
  if (readyExits.length === 0) return new Set();
  const seen = new Set<GraphNode>();
  unplacedBefore(makers.get(output.name), makers, seen);
  return new Set(readyExits.flatMap((exit) => [...unplacedBefore(makers.get(exit.output), makers, seen)]));
}

function unplacedBefore(
  end: GraphNode | undefined,
  makers: ReadonlyMap<string, GraphNode>,
  placed: Set<GraphNode>,
): ReadonlySet<GraphNode> {
  const found = new Set<GraphNode>();
  const waiting = end ? [end] : [];
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    if (placed.has(node)) continue;
    placed.add(node);
    found.add(node);
    for (const input of node.inputs) {
      const maker = makers.get(input);
      if (maker) waiting.push(maker);
    }
  }
  return found;
}

/** Measured time by the operator's name. */
function latencyOfNodes(profile: Pick<Profile, "nodes"> | undefined): ReadonlyMap<string, number> {
  return new Map(profile?.nodes.map(({ node, meanMs }) => [node, meanMs]));
}

function costOf(node: GraphNode, latencies: ReadonlyMap<string, number>): Cost {
  const { macs, parameters, activationBytes } = node;
  return { macs, parameters, activationBytes, latencyMs: latencies.get(node.name) };
}

function sumOf(costs: readonly Cost[]): Cost {
  const sum = (pick: (cost: Cost) => number) => costs.reduce((total, cost) => total + pick(cost), 0);
  return {
    macs: sum(({ macs }) => macs),
    parameters: sum(({ parameters }) => parameters),
    activationBytes: sum(({ activationBytes }) => activationBytes),
    latencyMs: costs.some(({ latencyMs }) => latencyMs !== undefined)
      ? sum(({ latencyMs }) => latencyMs ?? 0)
      : undefined,
  };
}

/**
 * The module that the operators belong to, as `layer2.1`; where they belong to several, the one at whose end the
 * block ends; without modules the operators that hold the weights. Only a name with a number tells blocks apart.
 * @param outer how many scopes all operators of the backbone share; they tell nothing
 */
export function labelOf(nodes: readonly GraphNode[], outer = 0): string {
  const scopes = nodes.map(({ name }) => scopesOf(name).slice(outer));
  const last = scopes[nodes.findLastIndex(({ macs }) => macs > 0)] ?? [];
  return numberedModule(sharedScopes(scopes)) ?? numberedModule(last) ?? operatorsOf(nodes);
}

/** Namesakes get their numbers: "Conv ×2 (3)". */
function distinctLabels(labels: readonly string[]): string[] {
  return labels.map((label, index) =>
    labels.filter((other) => other === label).length > 1 ? `${label} (${index})` : label,
  );
}

/** What stands before an operator's own name: `/layer2/layer2.1/Conv` is in `layer2`, `layer2.1`. */
function scopesOf(name: string): string[] {
  return name
    .split("/")
    .slice(0, -1)
    .filter((part) => part !== "");
}

function sharedScopes(paths: readonly (readonly string[])[]): readonly string[] {
  const [first = []] = paths;
  const differs = first.findIndex((part, depth) => paths.some((path) => path[depth] !== part));
  return differs < 0 ? first : first.slice(0, differs);
}

/** The outermost module with a number. Items of a container repeat its name: of `layer2`, `layer2.1` it is the second. */
function numberedModule(scopes: readonly string[]): string | undefined {
  const isContainer = (part: string, depth: number) => scopes[depth + 1]?.startsWith(`${part}.`) === true;
  return scopes.find((part, depth) => /\d/.test(part) && !isContainer(part, depth));
}

/** As `Conv ×3`, `MaxPool`; operators with weights stand for the rest. */
function operatorsOf(nodes: readonly GraphNode[]): string {
  const weighted = nodes.filter(({ macs }) => macs > 0);
  const counts = new Map<string, number>();
  for (const { operator } of weighted.length > 0 ? weighted : nodes)
    counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return [...counts].map(([operator, count]) => (count > 1 ? `${operator} ×${count}` : operator)).join(" ");
}

/** A cut point as it is called everywhere: by the block of the graph that it ends; by its tensor if it ends none. */
export function cutPointName(blocks: readonly Pick<Block, "label" | "cutPoint">[], tensor: string): string {
  return blocks.find(({ cutPoint }) => cutPoint?.tensor === tensor)?.label ?? tensor;
}
