import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { type SplitOptions, splitOptionsSchema } from "../../../shared/model/stage-options.ts";
import { NumberField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";

const fields = fieldsOf(splitOptionsSchema);

const limits = [
  ["trainLimit", "Most train images"],
  ["calibrationLimit", "Most calibration images"],
  ["testLimit", "Most test images"],
] as const;

const shares = [
  ["calibrationShare", "Calibration share"],
  ["testShare", "Test share"],
] as const;

interface SplitFieldsProps {
  readonly splits: SplitOptions;
  onChange(change: Partial<SplitOptions>): void;
}

/** How the images are divided: heads train on one split, thresholds are chosen on another, results come from the third. */
export function SplitFields({ splits, onChange }: SplitFieldsProps) {
  return (
    <div className={layoutStyles.fields}>
      {limits.map(([key, label]) => (
        <NumberField
          key={key}
          label={label}
          optional
          min={fields[key].min}
          step={1}
          value={splits[key]}
          onCommit={(value) => onChange({ [key]: value })}
        />
      ))}
      {shares.map(([key, label]) => (
        <NumberField
          key={key}
          label={label}
          unit="%"
          min={percent(fields[key].min)}
          max={percent(fields[key].max)}
          value={percent(splits[key])}
          onCommit={(value) => onChange({ [key]: value / 100 })}
        />
      ))}
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

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : Number((100 * share).toFixed(4));
}
