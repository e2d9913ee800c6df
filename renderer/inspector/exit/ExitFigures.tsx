import { useMemo } from "react";
import {
  formatCount,
  formatMs,
  formatPercent,
  formatSignedMs,
  formatSignedPoints,
} from "../../../shared/base/format-number.ts";
import { type ExitEffect, exitEffect } from "../../../shared/evaluate/live/exit-effect.ts";
import { createLiveEvaluator } from "../../../shared/evaluate/live/live-evaluator.ts";
import { placedExits } from "../../../shared/evaluate/live/place-exits.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import textStyles from "../../ui/text.module.css";
import { type Fact, Facts } from "../pieces/Facts.tsx";
import styles from "./ExitFigures.module.css";

/** How many reach the exit and leave, how right they are against the alternatives, and the plan without it. */
export function ExitFigures({ index }: { readonly index: number }) {
  const space = useLive((state) => state.space);
  const figures = useLive((state) => state.figures);
  const routing = useLive((state) => state.routing);
  const exits = useDesign((state) => state.exits);
  const evaluator = useMemo(() => space && createLiveEvaluator(space), [space]);
  const placed = space && placedExits(space, exits);
  if (!space || !figures || !routing || !evaluator || !placed) return null;
  const effect = exitEffect(space, placed, routing, index, evaluator);
  const { without } = effect;
  const accuracyPp = 100 * (figures.accuracy - without.accuracy);
  const meanMs = figures.latencyMs.mean - without.latencyMs.mean;
  const candidates = placed.map(({ candidate }) => space.candidates[candidate]);
  const leaveMs = candidates
    .slice(0, index + 1)
    .reduce((total, { headMs }) => total + headMs, candidates[index].prefixMs);
  return (
    <>
      <Facts facts={flowFacts(effect, space, leaveMs)} />
      <RightOfLeaving effect={effect} />
      <Facts
        facts={[
          {
            label: "Plan without this exit",
            value: `${formatPercent(without.accuracy)}, ${formatMs(without.latencyMs.mean)}`,
          },
          {
            label: "What this exit changes",
            value: `${formatSignedPoints(accuracyPp)}, ${formatSignedMs(meanMs)}`,
          },
        ]}
      />
    </>
  );
}

function flowFacts({ reaches, leaves }: ExitEffect, { samples }: SearchSpace, leaveMs: number): Fact[] {
  return [
    {
      label: "Reach it",
      value: formatPercent(reaches / samples),
      note: `${formatCount(reaches)} of ${formatCount(samples)}`,
    },
    {
      label: "Leave here",
      value: formatPercent(leaves / samples),
      note: reaches > 0 ? `${formatPercent(leaves / reaches)} of those that reach it` : undefined,
    },
    { label: "Latency when leaving here", value: formatMs(leaveMs) },
  ];
}

/** Accuracy on the very samples that leave here: of this exit, of the backbone, of the rest of the plan. */
function RightOfLeaving({ effect }: { readonly effect: ExitEffect }) {
  const { leaves, rightHere, rightOfBackbone, rightGoingOn } = effect;
  if (leaves === 0) return <p className={textStyles.soft}>No sample leaves here: lower the threshold.</p>;
  const rows = [
    { label: "this exit", right: rightHere },
    { label: "the backbone", right: rightOfBackbone },
    { label: "had they continued", right: rightGoingOn },
  ];
  return (
    <table className={styles.table}>
      <caption>Right of the {formatCount(leaves)} that leave here</caption>
      <tbody>
        {rows.map(({ label, right }, row) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{formatPercent(right / leaves)}</td>
            <td>{row > 0 && formatSignedPoints((100 * (right - rightHere)) / leaves)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
