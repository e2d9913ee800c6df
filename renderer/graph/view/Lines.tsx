import { ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { exitId, operatorId } from "../geometry/element-ids.ts";
import { flowWidth } from "../geometry/flow.ts";
import {
  type FlowLine,
  middleOf,
  type OperatorLine,
  type PlacedCut,
  type PlacedOperator,
  type Scene,
  shapeGap,
} from "../geometry/scene.ts";
import { useExitAt, useShare } from "./current-plan.ts";
import styles from "./Lines.module.css";
import { classes } from "./marks.ts";

/**
 * All lines of the graph, in the graph's own coordinates. They are drawn here and not as React Flow's edges because their
 * paths come from the layout, and one drawing for all of them pans faster than one for each.
 */
export const Lines = memo(function Lines({
  scene,
  exits,
}: {
  readonly scene: Scene;
  /** Element ids of the plan's exits. */
  readonly exits: ReadonlySet<string>;
}) {
  return (
    <ViewportPortal>
      <svg className={styles.below} width={1} height={1} aria-hidden="true">
        {scene.cuts
          .filter((placed) => exits.has(exitId(placed)))
          .map((placed) => (
            <Branch key={exitId(placed)} placed={placed} />
          ))}
        {scene.flow.map((line) => (
          <Flow key={line.id} line={line} />
        ))}
      </svg>
      <OperatorLines lines={scene.lines} operators={scene.operators} />
    </ViewportPortal>
  );
});

/** A network's line, and from one network to the next: as wide as the share of samples that gets there. */
function Flow({ line: { path, member, part, isOn } }: { readonly line: FlowLine }) {
  const share = useShare(member, part);
  const width = flowWidth(isOn ? share : 0);
  return <path d={path} className={classes(styles.flow, !isOn && styles.off)} strokeWidth={width} />;
}

/** From a network's line down to an exit, as wide as the share of samples that leaves there. */
function Branch({ placed }: { readonly placed: PlacedCut }) {
  return (
    <path d={placed.branch} className={styles.branch} strokeWidth={flowWidth(useExitAt(placed)?.rate)} />
  );
}

const OperatorLines = memo(function OperatorLines({
  lines,
  operators,
}: {
  readonly lines: readonly OperatorLine[];
  readonly operators: readonly PlacedOperator[];
}) {
  if (lines.length === 0) return null;
  return (
    <svg className={styles.inside} width={1} height={1} aria-hidden="true">
      <path d={lines.map(({ path }) => path).join("")} className={styles.operator} />
      {operators.map(({ block, node, gives, ...box }) => (
        <text
          key={operatorId(block.member, node.name)}
          className={styles.shape}
          x={box.x + box.width + shapeGap}
          y={middleOf(box) - shapeGap}
        >
          {gives}
        </text>
      ))}
    </svg>
  );
});
