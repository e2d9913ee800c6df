import { BaseEdge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useExitAt, useShare } from "./current-plan.ts";
import styles from "./edges.module.css";
import { flowWidth } from "./flow.ts";
import type { BranchEdge, FlowEdge, OperatorEdge } from "./graph-elements.ts";

/** The backbone, as wide as the share of samples that still travels along it. */
export const FlowLine = memo(function FlowLine({ id, data }: EdgeProps<FlowEdge>) {
  const { path, part } = data!.line;
  const share = useShare(part);
  return <BaseEdge id={id} path={path} className={styles.flow} strokeWidth={flowWidth(share)} />;
});

/** From the backbone down to an exit, as wide as the share of samples that leaves there. */
export const BranchLine = memo(function BranchLine({ id, data }: EdgeProps<BranchEdge>) {
  const { branch, cut } = data!.placed;
  const rate = useExitAt(cut.tensor)?.rate;
  return <BaseEdge id={id} path={branch} className={styles.branch} strokeWidth={flowWidth(rate)} />;
});

export const OperatorLine = memo(function OperatorLine({ id, data }: EdgeProps<OperatorEdge>) {
  return <BaseEdge id={id} path={data!.line.path} className={styles.operator} />;
});
