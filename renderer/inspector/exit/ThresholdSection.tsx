import { Slider } from "radix-ui";
import { useMemo } from "react";
import { formatCount, formatPercent } from "../../../shared/base/format-number.ts";
import { candidateOf } from "../../../shared/evaluate/live/matched-threshold.ts";
import { binConfidences } from "../../../shared/presentation/exits/confidence-bins.ts";
import { setExit, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useRemembered } from "../../state/settings-store.ts";
import { Button } from "../../ui/Button.tsx";
import { NumberField } from "../../ui/Field.tsx";
import { Section } from "../pieces/Section.tsx";
import { ConfidenceHistogram } from "./ConfidenceHistogram.tsx";
import { useGestureHandlers } from "./gesture.ts";
import { firstAtLeast, stepThreshold } from "./quantile-step.ts";
import styles from "./ThresholdSection.module.css";
import { useReaching } from "./use-reaching.ts";

const bins = 40;
const steps = [-0.05, -0.01, 0.01, 0.05] as const;

/** The threshold in four ways: a line in the histogram of confidences, a slider, a number, steps of who leaves. */
export function ThresholdSection({ index }: { readonly index: number }) {
  const threshold = useDesign(({ exits }) => exits[index].threshold);
  const candidate = useLive(({ space }) => space && candidateOf(space, useDesign.getState().exits[index]));
  const samples = useLive(({ space }) => space?.samples ?? 0);
  const reaching = useReaching(index);
  const [scope, setScope] = useRemembered<"reach" | "all">("inspector.histogram", "reach");
  const gesture = useGestureHandlers();
  const counted = useMemo(
    () => (scope === "reach" ? reaching : Int32Array.from({ length: samples }, (_, sample) => sample)),
    [scope, reaching, samples],
  );
  const histogram = useMemo(
    () => candidate && binConfidences(candidate.confidence, candidate.correct, counted, bins),
    [candidate, counted],
  );
  const rising = useMemo(
    () => Float32Array.from(reaching, (sample) => candidate?.confidence[sample] ?? 0).sort(),
    [candidate, reaching],
  );
  if (!candidate || !histogram) return null;
  const setThreshold = (value: number) => setExit(index, { threshold: value });
  const share = 1 - firstAtLeast(rising, Math.fround(threshold)) / Math.max(1, rising.length);
  const shown = Number(threshold.toFixed(4));
  return (
    <Section id="exit.threshold" title="Threshold" note={`${formatPercent(share)} leave`}>
      <fieldset className={styles.scope} aria-label="Samples in the histogram">
        <button type="button" aria-pressed={scope === "reach"} onClick={() => setScope("reach")}>
          {formatCount(reaching.length)} reach it
        </button>
        <button type="button" aria-pressed={scope === "all"} onClick={() => setScope("all")}>
          all {formatCount(samples)}
        </button>
        <span className={styles.scale}>samples, log scale</span>
      </fieldset>
      <div {...gesture}>
        <ConfidenceHistogram
          exit={index}
          bins={histogram}
          threshold={threshold}
          valueText={`${shown}: ${formatPercent(share)} of those that reach leave`}
          onChange={setThreshold}
        />
        <Slider.Root
          className={styles.slider}
          min={0}
          max={1}
          step={0.001}
          value={[Math.min(1, Math.max(0, threshold))]}
          onValueChange={([value]) => setThreshold(value)}
        >
          <Slider.Track className={styles.track}>
            <Slider.Range className={styles.range} />
          </Slider.Track>
          <Slider.Thumb className={styles.thumb} aria-label="Threshold" />
        </Slider.Root>
      </div>
      <div className={styles.fields}>
        <NumberField
          label="Leaves from"
          value={shown}
          step={0.001}
          onCommit={(value) => setThreshold(value)}
        />
        <fieldset className={styles.steps}>
          <legend>Of those that reach, leave</legend>
          {steps.map((step) => (
            <Button
              key={step}
              aria-label={`${Math.abs(100 * step)} % ${step > 0 ? "more" : "fewer"} leave here`}
              onClick={() => setThreshold(stepThreshold(rising, threshold, step))}
            >
              {step > 0 ? "+" : "\u2212"}
              {Math.abs(100 * step)} %
            </Button>
          ))}
        </fieldset>
      </div>
    </Section>
  );
}
