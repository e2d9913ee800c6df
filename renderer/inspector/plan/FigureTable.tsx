import { pairedAccuracy } from "../../../shared/evaluate/live/paired-accuracy.ts";
import { rivalOf } from "../../../shared/evaluate/live/rival.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import { planGains } from "../../../shared/presentation/plans/plan-gains.ts";
import { verdict } from "../../../shared/presentation/verdict/verdict.ts";
import { countRight } from "../../../shared/space/reference-point.ts";
import { effectiveSamples, type SearchSpace } from "../../../shared/space/search-space.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import styles from "./FigureTable.module.css";
import { LiveStatement } from "./LiveStatement.tsx";

/** The live plan's figures beside the backbone's, and what is gained: more than 1x is good. */
export function FigureTable() {
  const figures = useLive((state) => state.figures);
  const backbone = useLive((state) => state.backbone);
  const routing = useLive((state) => state.routing);
  const space = useLive((state) => state.space);
  const exits = useDesign((state) => state.exits.length);
  const { trust, references } = useOpenProject();
  const target = useTargetProfile()?.id;
  if (!figures || !backbone || !routing || !space) return null;
  const gains = planGains(figures, backbone, {
    samples: effectiveSamples(space),
    ...pairedAccuracy(routing.correct, space),
  });
  const plan = { correct: routing.correct, meanMs: figures.latencyMs.mean };
  const rivals = references
    .filter((reference) => reference.target === target)
    .flatMap((reference) => rivalOf(reference, "calibration", plan, space) ?? []);
  const weighted = weightingOf(routing.correct, space);
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">live</th>
            <th scope="col">backbone</th>
            <th scope="col">gain</th>
          </tr>
        </thead>
        <tbody>
          {gains.map(({ label, unit, plan, backbone: theirs, gain, isWorse, intervals }) => (
            <tr key={label}>
              <th scope="row">
                {label}
                {unit && <span className={styles.unit}> {unit}</span>}
              </th>
              <td className={styles.live}>
                {plan}
                {intervals && <small>{intervals[0]}</small>}
              </td>
              <td>{theirs}</td>
              <td className={isWorse ? styles.worse : undefined}>
                {gain}
                {intervals && <small>{intervals[1]}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {verdict({ exits, gains, rivals, trust, weighted }).map((statement) => (
        <LiveStatement key={statement.text} statement={statement} />
      ))}
    </>
  );
}

/** What weighted figures are worth, and the accuracies with all samples alike; undefined where they are. */
function weightingOf(correct: Uint8Array, space: SearchSpace): Summary["weighted"] {
  if (!space.weights) return undefined;
  const { differencePp, halfWidthPp } = pairedAccuracy(correct, { ...space, weights: undefined });
  return {
    effectiveSamples: space.weights.effectiveSamples,
    unweighted: {
      backbone: countRight(space.backboneCorrect) / correct.length,
      plan: countRight(correct) / correct.length,
      accuracyDropPp: -differencePp,
      accuracyDropHalfWidthPp: halfWidthPp,
    },
  };
}
