import { scaleLinear } from "d3-scale";
import { memo, useMemo } from "react";
import type { TunedEpoch } from "../../../shared/model/tuned-epoch.ts";
import {
  curveDomain,
  shownEpochs,
  type TuningCurve,
  tuningCurves,
  tuningLosses,
} from "../../../shared/presentation/progress/tuning-curves.ts";
import styles from "./Curves.module.css";
import { accuracyFormat, type Curve, Curves } from "./Curves.tsx";

interface TuningCurvesProps {
  readonly epochs: readonly TunedEpoch[];
  /** What each output is called where its line ends. */
  readonly labels: readonly string[];
  /** The output that is pointed at. */
  readonly shown: number | undefined;
}

const accuracyHeight = 168;
const lossHeight = 64;
const lossTicks = 2;

/** How the accuracies of all outputs went, epoch by epoch, and below them the loss. */
export const TuningCurves = memo(function TuningCurves({ epochs, labels, shown }: TuningCurvesProps) {
  const curves = useMemo(() => tuningCurves(epochs), [epochs]);
  const losses = useMemo(() => tuningLosses(epochs), [epochs]);
  const end = shownEpochs(epochs);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>Accuracy, by epoch</figcaption>
      <Accuracies curves={curves} end={end} labels={labels} shown={shown} />
      {losses.length > 0 && (
        <>
          <figcaption className={styles.caption}>Loss</figcaption>
          <Losses losses={losses} end={end} />
        </>
      )}
    </figure>
  );
});

interface AccuraciesProps extends Pick<TuningCurvesProps, "labels" | "shown"> {
  readonly curves: readonly TuningCurve[];
  readonly end: number;
}

function Accuracies({ curves, end, labels, shown }: AccuraciesProps) {
  const values = curves.flatMap(({ points }) => points.map(({ accuracy }) => accuracy));
  const domain = curveDomain(values, 0.02, 1);
  const drawn = curves.map(
    ({ isOutput, points }, output): Curve => ({
      key: String(output),
      points: points.map(({ epoch, accuracy }) => ({ epoch, value: accuracy })),
      colour: isOutput ? "var(--series-backbone)" : "var(--series-ours)",
      width: isOutput ? 2 : undefined,
      label: labels[output],
      isStrong: isOutput,
    }),
  );
  return (
    <Curves
      curves={drawn}
      epochs={[0, end]}
      domain={domain}
      height={accuracyHeight}
      shown={shown}
      format={accuracyFormat(domain)}
    />
  );
}

function Losses({
  losses,
  end,
}: {
  readonly losses: { epoch: number; loss: number }[];
  readonly end: number;
}) {
  const values = losses.map(({ loss }) => loss);
  const domain = curveDomain(values, 0.01);
  const points = losses.map(({ epoch, loss }) => ({ epoch, value: loss }));
  return (
    <Curves
      curves={[{ key: "loss", points, colour: "var(--series-schemes)", width: 1.5 }]}
      epochs={[0, end]}
      domain={domain}
      height={lossHeight}
      ticks={lossTicks}
      hasNames
      format={scaleLinear(domain, [0, 1]).tickFormat(lossTicks)}
    />
  );
}
