import type { BackboneInput, CutPoint } from "../../../shared/model/backbone.ts";
import type { Head } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";
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
  /** How much of it the device runs, up to a cut point or all or nothing; absent if the plan isn't partitioned. */
  readonly onDevice?: "all" | "nothing" | CutPoint;
  /** Every head that there is, for exports that carry all of them. */
  readonly heads: readonly Head[];
}

/** An image that an export is given: what it is called, the network that it is made for, and its form. */
export interface PlannedImage {
  readonly name: string;
  readonly backbone: Backbone;
  /** That of the network's own input, or of the bytes that this is made of. */
  readonly input: BackboneInput;
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

/** The same with the target of each, split once more where a server takes over. */
export function partitionedStages<Exit extends { readonly cut: CutPoint }>(
  networks: readonly PlannedNetwork<Exit>[],
): Stage<Exit>[] {
  return stagesOf(networks).flatMap((stage): Stage<Exit>[] => {
    const { network, from, to } = stage;
    const { onDevice } = network;
    if (onDevice === undefined) return [stage];
    if (onDevice === "nothing") return [{ ...stage, target: "server" }];
    if (onDevice === "all" || (to && to.index <= onDevice.index)) return [{ ...stage, target: "device" }];
    if (from && from.index >= onDevice.index) return [{ ...stage, target: "server" }];
    return [
      { network, from, to: onDevice, target: "device" },
      { ...stage, from: onDevice, target: "server" },
    ];
  });
}
