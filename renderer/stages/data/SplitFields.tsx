import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { type SplitOptions, splitOptionsSchema } from "../../../shared/model/stage-options.ts";
import { NumberField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";

const fields = fieldsOf(splitOptionsSchema);

interface SplitFieldsProps {
  readonly splits: SplitOptions;
  onChange(change: Partial<SplitOptions>): void;
}

/** How the images are divided: heads train on one split, thresholds are chosen on another, results come from the third. */
export function SplitFields({ splits, onChange }: SplitFieldsProps) {
  const percent = (share: number | undefined) =>
    share === undefined ? undefined : Number((100 * share).toFixed(4));
  const share = (value: number | undefined) => (value === undefined ? undefined : value / 100);
  return (
    <div className={layoutStyles.fields}>
      <NumberField
        label="Most train images"
        optional
        min={fields.trainLimit.min}
        step={1}
        value={splits.trainLimit}
        onCommit={(trainLimit) => onChange({ trainLimit })}
      />
      <NumberField
        label="Most calibration images"
        optional
        min={fields.calibrationLimit.min}
        step={1}
        value={splits.calibrationLimit}
        onCommit={(calibrationLimit) => onChange({ calibrationLimit })}
      />
      <NumberField
        label="Most test images"
        optional
        min={fields.testLimit.min}
        step={1}
        value={splits.testLimit}
        onCommit={(testLimit) => onChange({ testLimit })}
      />
      <NumberField
        label="Calibration share"
        unit="%"
        min={percent(fields.calibrationShare.min)}
        max={percent(fields.calibrationShare.max)}
        value={percent(splits.calibrationShare)}
        onCommit={(value) => onChange({ calibrationShare: share(value) })}
      />
      <NumberField
        label="Test share"
        unit="%"
        min={percent(fields.testShare.min)}
        max={percent(fields.testShare.max)}
        value={percent(splits.testShare)}
        onCommit={(value) => onChange({ testShare: share(value) })}
      />
      <NumberField
        label="Seed"
        min={fields.seed.min}
        max={fields.seed.max}
        step={1}
        value={splits.seed}
        onCommit={(seed) => onChange({ seed })}
      />
    </div>
  );
}
