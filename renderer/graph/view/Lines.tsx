import { ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { flowWidth } from "../geometry/flow.ts";
import type { FlowLine, OperatorLine, PlacedCut, Scene } from "../geometry/layout.ts";
import { useExitAt, useShare } from "./current-plan.ts";
import styles from "./Lines.module.css";

/**
 * All lines of the graph, in the graph's own coordinates. They are drawn here and not as React Flow's edges because their
 * paths come from the layout, and one drawing for all of them pans faster than one for each.
 */
export const Lines = memo(function Lines({
  scene,
  exits,
}: {
  readonly scene: Scene;
  readonly exits: ReadonlySet<string>;
}) {
  return (
    <ViewportPortal>
      <svg className={styles.below} width={1} height={1} aria-hidden="true">
        {scene.cuts
          .filter(({ cut }) => exits.has(cut.tensor))
          .map((placed) => (
            <Branch key={placed.cut.index} placed={placed} />
          ))}
        {scene.flow.map((line) => (
          <Flow key={line.id} line={line} />
        ))}
      </svg>
      <OperatorLines lines={scene.lines} />
    </ViewportPortal>
  );
});

/** The backbone, as wide as the share of samples that gets there. */
function Flow({ line: { path, part } }: { readonly line: FlowLine }) {
  return <path d={path} className={styles.flow} strokeWidth={flowWidth(useShare(part))} />;
}

/** From the backbone down to an exit, as wide as the share of samples that leaves there. */
function Branch({ placed: { branch, cut } }: { readonly placed: PlacedCut }) {
  return <path d={branch} className={styles.branch} strokeWidth={flowWidth(useExitAt(cut.tensor)?.rate)} />;
}

const OperatorLines = memo(function OperatorLines({ lines }: { readonly lines: readonly OperatorLine[] }) {
  if (lines.length === 0) return null;
  return (
    <svg className={styles.inside} width={1} height={1} aria-hidden="true">
      <path d={lines.map(({ path }) => path).join("")} className={styles.operator} />
    </svg>
  );
});
