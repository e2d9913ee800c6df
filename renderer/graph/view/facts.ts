import { formatBytes, formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import { networkOf } from "../../../shared/files/project-view.ts";
import { featureText, scoresText } from "../../../shared/model/backbone.ts";
import { type ExitPlace, isAt, outputHead, type PlanExit } from "../../../shared/model/plan.ts";
import type { Block, Cost } from "../../../shared/presentation/graph/blocks.ts";
import { blockStateWords, differenceAt } from "../../../shared/presentation/graph/compare-networks.ts";
import type { GraphNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import {
  cameWith,
  readyExitText,
  uncalibratedExits,
} from "../../../shared/presentation/words/ready-exits.ts";
import { currentBlocks, currentNetworks, currentOrder } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { currentDifference } from "../../state/model-difference.ts";
import { reachingShares } from "../geometry/flow.ts";
import { inputText, shortened } from "../geometry/item-labels.ts";
import { sampleShape } from "../geometry/sample-shape.ts";
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
    case "network":
      return networkFacts(item.network);
    case "input":
      return {
        title: `Input${ofNetwork(item.network)}`,
        facts: [["shape", inputText(item.network.summary)]],
      };
    case "output":
      return { title: `${ownerOf(item.network)} own output`, facts: outputFacts(item.network) };
    case "block":
      return blockFacts(item.block);
    case "operator":
      return operatorFacts(item.member, item.node);
    case "cut":
      return markerFacts(item.place, item.network, project);
    case "exit":
      return exitFacts(item.place);
  }
}

/** Named where there are several. */
function ofNetwork({ name }: GraphNetwork): string {
  return currentNetworks().length > 1 ? ` of ${name}` : "";
}

function ownerOf({ name }: GraphNetwork): string {
  return currentNetworks().length > 1 ? `${name}’s` : "The backbone’s";
}

function networkFacts({ summary, member, sha256 }: GraphNetwork): Facts {
  const isOn = currentOrder().some((network) => network.sha256 === sha256 && network.isOn);
  return {
    title: isOn ? "Drag it before or behind another network" : "Switch it on, or drag it among the others",
    facts: [
      ["network", shortened(summary.name)],
      ...(member === undefined ? ([["drops and speed-ups", "refer to it"]] as const) : []),
      ["MACs", formatQuantity(summary.macs)],
      ["weights", formatBytes(summary.parameterBytes)],
    ],
  };
}

function outputFacts({ member, summary: { output, cutPoints } }: GraphNetwork): readonly Fact[] {
  const { exits } = useDesign.getState();
  const rates = useLive.getState().figures?.exitRates;
  const shares =
    rates?.length === exits.length + 1 ? reachingShares(currentOrder(), exits, rates) : undefined;
  const share = shares?.get(member)?.[cutPoints.length];
  return [
    ["classes", String(output.classes)],
    ["gives", scoresText(output)],
    ...(share === undefined ? [] : ([["samples that get here", formatPercent(share)]] as const)),
  ];
}

function blockFacts(block: Block): Facts {
  const { index, label, nodes, cutPoint, cost } = block;
  return {
    title: `Block ${index}: ${shortened(label)}`,
    facts: [
      ["operators", String(nodes.length)],
      ...(cutPoint ? ([["gives", featureText(cutPoint, "×")]] as const) : []),
      ...costFacts(cost),
      ...differenceFacts(block),
    ],
  };
}

/** What differs from the model that the graph is compared with. */
function differenceFacts(block: Block): readonly Fact[] {
  const { difference, differing } = currentDifference();
  const row = differenceAt(differing, block);
  if (!difference || !row) return [];
  return [
    [`beside ${shortened(difference.name)}`, blockStateWords[row.state]],
    ...row.changes.map((change): Fact => ["differs in", change]),
  ];
}

function operatorFacts(member: string | undefined, name: string): Facts {
  for (const { nodes, costs } of currentBlocks(member)) {
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

function markerFacts(place: ExitPlace, network: GraphNetwork, project: ProjectView): Facts {
  const { summary, sha256, member } = network;
  const cut = summary.cutPoints.find(({ tensor }) => tensor === place.cutPoint);
  const view = networkOf(project, member);
  const heads = view?.heads.filter(({ cutPoint }) => cutPoint === place.cutPoint) ?? [];
  const ready = view ? uncalibratedExits(view).filter(({ cutPoint }) => cutPoint === place.cutPoint) : [];
  const isOn = currentOrder().some((shown) => shown.sha256 === sha256 && shown.isOn);
  const name = `${cut ? `Cut point ${cut.index}` : "Output"}${ofNetwork(network)}`;
  return {
    title: `${name}: ${stateText(place, { isOn, canExit: !cut || heads.length > 0, ready: ready.length })}`,
    facts: [
      ["tensor", shortened(place.cutPoint)],
      ...(cut
        ? ([
            ["shape", featureText(cut, "×")],
            [
              "MACs before it",
              `${formatPercent(cut.macsShare)} of the ${member === undefined ? "backbone" : "network"}`,
            ],
          ] as const)
        : []),
      ...(heads.length > 0 ? ([["heads", heads.map(({ kind }) => kind).join(", ")]] as const) : []),
      ...ready.map((exit): Fact => [shortened(exit.output), readyExitText(summary, exit)]),
    ],
  };
}

function stateText(
  place: ExitPlace,
  { isOn, canExit, ready }: { isOn: boolean; canExit: boolean; ready: number },
): string {
  if (useDesign.getState().exits.some((exit) => isAt(exit, place))) return "has an exit";
  if (!isOn) return "switch the network on to place exits";
  if (ready > 0) return `${cameWith(ready)}; calibrate first`;
  return canExit ? "click to add an exit" : "train heads first, then an exit can stand here";
}

function exitFacts(place: ExitPlace): Facts {
  const { exits } = useDesign.getState();
  const index = exits.findIndex((exit) => isAt(exit, place));
  if (index < 0) return { title: "Exit", facts: [] };
  const { head, policy, threshold, cutPoint }: PlanExit = exits[index];
  const rate = useLive.getState().figures?.exitRates[index];
  return {
    title: `Exit ${index + 1}: drag it along the ${currentNetworks().length > 1 ? "networks" : "backbone"}, or press Delete`,
    facts: [
      ["head", head === outputHead ? "none: the network’s own output" : head],
      ["policy", policy],
      ["threshold", String(Number(threshold.toPrecision(6)))],
      ...(rate === undefined ? [] : ([["samples that leave here", formatPercent(rate)]] as const)),
      ["tensor", shortened(cutPoint)],
    ],
  };
}
