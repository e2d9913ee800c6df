import type { CutPoint } from "../../../shared/model/backbone.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import type { DesignEnd, DesignExit } from "./decision.ts";
import type { NetworkEntry } from "./network-entry.ts";

/** A network that a plan goes through, with those of its exits that the plan takes. */
export interface PlannedNetwork<Exit = DesignExit> {
  readonly backbone: Backbone;
  /** Rising along the network. */
  readonly exits: readonly Exit[];
  /** Of its own output; absent where nothing reads that. */
  readonly end?: DesignEnd;
  /** How its image comes of the one at hand. */
  readonly entry: Exclude<NetworkEntry, { kind: "own" }>;
  /** Which of the plan's images that is. */
  readonly image: number;
  /** Every head that there is, for exports that carry all of them. */
  readonly heads: readonly Head[];
}

/** An image that an export is given: what it is called, and the network that it is made for. */
export interface PlannedImage {
  readonly name: string;
  readonly backbone: Backbone;
}

/** One of the models that a plan is staged as: a network from where the one before ends, or from its image, to its next exit. */
export interface Stage<Exit = DesignExit> {
  readonly network: PlannedNetwork<Exit>;
  /** Absent: from the image. */
  readonly from?: CutPoint;
  /** Absent: to the network's end. */
  readonly to?: CutPoint;
  /** At its end; absent at the network's end, and where it ends only because a server takes over. */
  readonly exit?: Exit;
  /** Which of two targets runs it; absent if the plan isn't partitioned. */
  readonly target?: "device" | "server";
}

/** Splits a plan's networks at their exits. What comes of a network behind its last exit is left out where nothing reads it. */
export function stagesOf<Exit extends { readonly cut: CutPoint }>(
  networks: readonly PlannedNetwork<Exit>[],
): Stage<Exit>[] {
  return networks.flatMap((network) => {
    const ends: Pick<Stage<Exit>, "to" | "exit">[] = network.exits.map((exit) => ({ to: exit.cut, exit }));
    if (network.end) ends.push({});
    return ends.map((end, k) => ({ network, ...end, from: ends[k - 1]?.to }));
  });
}

/**
 * The stages of a plan of one network, split once more where a server takes over.
 * @param cut the partition's tensor
 * @throws AppError 'file-invalid' if the model can't be partitioned there
 */
export function partitionedStages<Exit extends { readonly cut: CutPoint }>(
  stages: readonly Stage<Exit>[],
  cut: string,
): Stage<Exit>[] {
  const [{ network }] = stages;
  const { summary } = network.backbone;
  // The server may do all.
  const end = cut === summary.input.name ? undefined : cutPointByTensor(summary, cut);
  return stages.flatMap((stage) => {
    const { from, to } = stage;
    const isOnDevice = to !== undefined && end !== undefined && to.index <= end.index;
    const isSplit = end && !isOnDevice && (from === undefined || from.index < end.index);
    if (!isSplit) return [{ ...stage, target: isOnDevice ? ("device" as const) : ("server" as const) }];
    return [
      { network, from, to: end, target: "device" as const },
      { ...stage, from: end, target: "server" as const },
    ];
  });
}
