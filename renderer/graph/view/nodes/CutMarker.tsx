import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { formatPercent } from "../../../../shared/base/format-number.ts";
import { networkOf } from "../../../../shared/files/project-view.ts";
import { isAt } from "../../../../shared/model/plan.ts";
import { readyExitText, uncalibratedExits } from "../../../../shared/presentation/words/ready-exits.ts";
import { useDesign } from "../../../state/design-store.ts";
import { useOfNetwork } from "../../../state/of-network.ts";
import { useProject } from "../../../state/project-store.ts";
import { useView } from "../../../state/view-store.ts";
import type { CutNode } from "../../geometry/graph-elements.ts";
import { type MarkerState, markerText, partitionText } from "../../geometry/item-labels.ts";
import { markerSize } from "../../geometry/layout.ts";
import type { PlacedCut } from "../../geometry/scene.ts";
import { useShare } from "../current-plan.ts";
import { useGraph } from "../graph-store.ts";
import { classes, domId, useFocused } from "../marks.ts";
import styles from "./nodes.module.css";
import { PartitionBorder, useIsPartitionedAt } from "./PartitionBorder.tsx";

/** From a marker's middle to where a branch begins to show, px. */
const markerRadius = 6;

/** Where an exit may go. Shows where exits of a hovered plan and of one being dragged would stand. */
export const CutMarker = memo(function CutMarker({ id, data: { placed } }: NodeProps<CutNode>) {
  const { cut, member, cutPoint, index } = placed;
  const state = useMarkerState(placed);
  const ofNetwork = useOfNetwork(member);
  const focused = useFocused(id);
  const target = useGraph(({ drag }) => drag?.over != null && isAt(drag.over, placed));
  const dragging = useGraph(({ drag }) => drag !== null);
  const ghost = useView(({ hovered }) => hovered?.exits.some((exit) => isAt(exit, placed)) ?? false);
  const isPartitioned = useIsPartitionedAt({ member, tensor: cutPoint });
  const share = useShare(member, index + 1);
  const saysShare = share !== undefined && (state === "taken" || !cut);
  return (
    <div
      id={domId(id)}
      data-focused={focused || undefined}
      role="img"
      aria-disabled={state === "off" || undefined}
      aria-label={markerText(placed, state, ofNetwork) + (isPartitioned ? partitionText : "")}
      className={classes(
        styles.marker,
        styles[state],
        target && styles.target,
        dragging && state === "free" && styles.offered,
      )}
    >
      <PartitionBorder member={member} tensor={cutPoint} />
      {state === "free" && <span className={styles.plus} />}
      {state === "ready" && <ReadyExits placed={placed} />}
      {saysShare && <span className={styles.share}>{formatPercent(share)}</span>}
      {(ghost || target) && (
        <>
          <span className={styles.ghostBranch} style={{ height: placed.exit.y - placed.centre.y - 6 }} />
          <span
            className={styles.ghost}
            style={{
              left: placed.exit.x - placed.centre.x + 12,
              top: placed.exit.y - placed.centre.y + 12,
              width: placed.exit.width,
              height: placed.exit.height,
            }}
          />
        </>
      )}
    </div>
  );
});

/** The exits that came with the network, where they stand: drawn as an exit that isn't in the plan. */
function ReadyExits({ placed }: { readonly placed: PlacedCut }) {
  const { member, cutPoint, centre, exit } = placed;
  const summary = useProject(({ project }) => project && networkOf(project, member)?.backbone);
  const [first, ...more] = summary?.readyExits.filter((ready) => ready.cutPoint === cutPoint) ?? [];
  if (!summary || !first) return null;
  return (
    <>
      <span className={styles.readyBranch} style={{ height: exit.y - centre.y - markerRadius }} />
      <span
        className={styles.readyExit}
        style={{
          left: exit.x - centre.x + markerSize / 2,
          top: exit.y - centre.y + markerSize / 2,
          width: exit.width,
          height: exit.height,
        }}
      >
        <span className={styles.head}>
          {first.output}
          {more.length > 0 && ` + ${more.length}`}
        </span>
        <span className={styles.head}>{readyExitText(summary, first)}</span>
      </span>
    </>
  );
}

function useMarkerState(placed: PlacedCut): MarkerState {
  const { cut, member, cutPoint, isOn } = placed;
  const taken = useDesign(({ exits }) => exits.some((exit) => isAt(exit, placed)));
  const hasHead = useProject(
    ({ project }) =>
      (project && networkOf(project, member)?.heads.some((head) => head.cutPoint === cutPoint)) ?? false,
  );
  const isReady = useProject(({ project }) => {
    const network = project && networkOf(project, member);
    return network ? uncalibratedExits(network).some((exit) => exit.cutPoint === cutPoint) : false;
  });
  if (taken) return "taken";
  if (!isOn) return "off";
  if (hasHead || !cut) return "free";
  return isReady ? "ready" : "noHead";
}
