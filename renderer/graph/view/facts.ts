import { formatBytes, formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import { featureText, scoresText } from "../../../shared/model/backbone.ts";
import type { Block, Cost } from "../../../shared/presentation/graph/blocks.ts";
import { currentBlocks } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { inputText, sampleShape, shortened } from "../geometry/item-labels.ts";
import type { Item } from "./graph-actions.ts";

/** Name and value, both plain text. */
export type Fact = readonly [name: string, value: string];

interface Facts {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** Longer lists are cut off. */
const maxAttributes = 8;

/** What the tooltip of an element says. */
export function factsOf(item: Item, project: ProjectView): Facts {
  switch (item.kind) {
    case "input":
      return { title: "Input", facts: [["shape", inputText(project.backbone)]] };
    case "output":
      return { title: "The backbone's own output", facts: outputFacts(project) };
    case "block":
      return blockFacts(item.block);
    case "operator":
      return operatorFacts(item.node);
    case "cut":
      return cutFacts(item.cutPoint, project);
    case "exit":
      return exitFacts(item.cutPoint);
  }
}

function outputFacts({ backbone: { output } }: ProjectView): readonly Fact[] {
  const rate = useLive.getState().figures?.exitRates.at(-1);
  return [
    ["classes", String(output.classes)],
    ["gives", scoresText(output)],
    ...(rate === undefined ? [] : ([["samples that get here", formatPercent(rate)]] as const)),
  ];
}

function blockFacts({ index, label, nodes, cutPoint, cost }: Block): Facts {
  return {
    title: `Block ${index + 1}: ${shortened(label)}`,
    facts: [
      ["operators", String(nodes.length)],
      ...(cutPoint ? ([["gives", featureText(cutPoint, "×")]] as const) : []),
      ...costFacts(cost),
    ],
  };
}

function operatorFacts(name: string): Facts {
  for (const { nodes, costs } of currentBlocks()) {
    const place = nodes.findIndex((node) => node.name === name);
    if (place < 0) continue;
    const { operator, outputs, attributes, inputs } = nodes[place];
    return {
      title: shortened(operator),
      facts: [
        ["name", shortened(name)],
        ["reads", inputs.map(shortened).join(", ") || "constants only"],
        ["gives", outputs.map(({ shape, type }) => `${sampleShape(shape)} ${type}`).join(", ")],
        ...costFacts(costs[place]),
        ...Object.entries(attributes)
          .slice(0, maxAttributes)
          .map(([key, value]): Fact => [shortened(key), shortened(value)]),
      ],
    };
  }
  return { title: shortened(name), facts: [] };
}

function costFacts({ macs, parameters, activationBytes, latencyMs }: Cost): readonly Fact[] {
  return [
    ...(latencyMs === undefined ? [] : ([["measured latency", formatMs(latencyMs)]] as const)),
    ["MACs", formatQuantity(macs)],
    ["parameters", formatQuantity(parameters)],
    ["activations", formatBytes(activationBytes)],
  ];
}

function cutFacts(tensor: string, project: ProjectView): Facts {
  const { cutPoints } = project.backbone;
  const cut = cutPoints.find((candidate) => candidate.tensor === tensor)!;
  const heads = project.heads.filter(({ cutPoint }) => cutPoint === tensor);
  const taken = useDesign.getState().exits.some(({ cutPoint }) => cutPoint === tensor);
  const title = taken
    ? `Cut point ${cut.index + 1}: has an exit`
    : heads.length > 0
      ? `Cut point ${cut.index + 1}: click to add an exit`
      : `Cut point ${cut.index + 1}: train heads first, then an exit can stand here`;
  return {
    title,
    facts: [
      ["tensor", shortened(tensor)],
      ["shape", featureText(cut, "×")],
      ["MACs before it", `${formatPercent(cut.macsShare)} of the backbone`],
      ...(heads.length > 0 ? ([["heads", heads.map(({ kind }) => kind).join(", ")]] as const) : []),
    ],
  };
}

function exitFacts(tensor: string): Facts {
  const { exits } = useDesign.getState();
  const place = exits.findIndex(({ cutPoint }) => cutPoint === tensor);
  if (place < 0) return { title: "Exit", facts: [] };
  const { head, policy, threshold } = exits[place];
  const rate = useLive.getState().figures?.exitRates[place];
  return {
    title: `Exit ${place + 1}: drag it along the backbone, or press Delete`,
    facts: [
      ["head", head],
      ["policy", policy],
      ["threshold", String(Number(threshold.toPrecision(6)))],
      ...(rate === undefined ? [] : ([["samples that leave here", formatPercent(rate)]] as const)),
      ["tensor", shortened(tensor)],
    ],
  };
}
