import type { PointerEvent as ReactPointerEvent } from "react";
import { asSentence } from "../../../shared/base/sentence.ts";
import type { GraphNetwork } from "../../../shared/presentation/graph/graph-network.ts";
import { beginGesture, endGesture, useDesign } from "../../state/design-store.ts";
import {
  liveNetworks,
  moveNetwork,
  networksWithMoved,
  networksWithSwitched,
  setChain,
  switchNetwork,
  withoutRelatives,
} from "../../state/live/chain-editing.ts";
import { obstacleToNetwork } from "../../state/live/network-obstacle.ts";
import { notify } from "../../state/notice-store.ts";
import { useProject } from "../../state/project-store.ts";
import { targetProfile, useTargetProfile } from "../../state/target-profile.ts";
import { chainAt } from "../geometry/chain-at.ts";
import { networkId } from "../geometry/element-ids.ts";
import { currentCanvas } from "./canvas.ts";
import { startDrag } from "./drag.ts";
import { focusOn, showDraggedNetwork } from "./graph-store.ts";

/** Switches a network of the live plan on or off, or says why it can't be. */
export function toggleNetwork(network: GraphNetwork): void {
  focusOn(networkId(network));
  if (networksWithSwitched(network.sha256)) switchNetwork(network.sha256);
  else notify(whyNotSwitched(network));
}

function whyNotSwitched({ sha256, name }: GraphNetwork): string {
  if (liveNetworks().includes(sha256))
    return `A plan goes through one network at least: switch another on before ${name} is switched off.`;
  return asSentence(obstacleTo(sha256) ?? `${name} can't be switched on`);
}

/** Why plans can't go through a network on the chosen target; undefined if they can. */
function obstacleTo(sha256: string): string | undefined {
  const { project } = useProject.getState();
  return project ? obstacleToNetwork(project, targetProfile(), sha256) : undefined;
}

/** The same, for what shows it. */
export function useObstacle({ sha256 }: GraphNetwork): string | undefined {
  const project = useProject((state) => state.project);
  const profile = useTargetProfile();
  return project ? obstacleToNetwork(project, profile, sha256) : undefined;
}

export function canMoveNetwork({ sha256 }: GraphNetwork, by: -1 | 1): boolean {
  return networksWithMoved(sha256, by) !== undefined;
}

/** Puts a network of the live plan before (-1) or behind (1) its neighbour. */
export function shiftNetwork(network: GraphNetwork, by: -1 | 1): void {
  moveNetwork(network.sha256, by);
  focusOn(networkId(network));
}

/**
 * Drags a network by its header: the others make room at once. One that is off is switched on where it is let go. The whole
 * drag is one step to undo; Escape leaves the plan as it was.
 */
export function startNetworkDrag(press: ReactPointerEvent, network: GraphNetwork, headerTop: number): void {
  const canvas = currentCanvas();
  if (!canvas || obstacleTo(network.sha256) !== undefined) return;
  const heightAt = (x: number, y: number) => currentCanvas()?.flow.screenToFlowPosition({ x, y }).y ?? 0;
  const grip = heightAt(press.clientX, press.clientY) - headerTop;
  const { exits, chain, offload } = useDesign.getState();
  const wasOn = liveNetworks().includes(network.sha256);
  const end = () => {
    showDraggedNetwork(null);
    endGesture();
  };
  startDrag(press, {
    move: ({ x, y }) => {
      beginGesture();
      showDraggedNetwork(networkId(network));
      const networks = currentCanvas()?.scene.networks ?? [];
      const dropped = chainAt(networks, network.sha256, heightAt(x, y) - grip, wasOn);
      const wanted = withoutRelatives(dropped, network.sha256);
      if (String(wanted) === String(liveNetworks())) return;
      // From the plan as it was, or exits would be lost on the way.
      useDesign.setState({ exits, chain, offload });
      setChain(wanted);
    },
    drop: end,
    cancel: () => {
      useDesign.setState({ exits, chain, offload });
      end();
    },
  });
}
