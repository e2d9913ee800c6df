import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { type SplitOptions, splitOptionsSchema } from "../../../shared/model/stage-options.ts";
import { NumberField, SelectField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";

const fields = fieldsOf(splitOptionsSchema);

const limits = [
  ["trainLimit", "Most train images"],
  ["calibrationLimit", "Most calibration images"],
  ["testLimit", "Most test images"],
] as const;

/** Where calibration images may come from. */
const sources = [
  { value: "held-out", label: "held-out images" },
  { value: "train", label: "training images" },
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
      <SelectField
        label="Calibration from"
        hint="Where the data has no such split; the backbone has seen training images"
        choices={sources}
        value={splits.calibrationFrom ?? "held-out"}
        onChoose={(calibrationFrom) =>
          onChange({ calibrationFrom: calibrationFrom as SplitOptions["calibrationFrom"] })
        }
      />
      <NumberField
        label="Calibration share"
        unit="%"
        optional
        hint="Half of held-out images if empty, else 20"
        min={percent(fields.calibrationShare.min)}
        max={percent(fields.calibrationShare.max)}
        value={percent(splits.calibrationShare)}
        onCommit={(value) => onChange({ calibrationShare: value === undefined ? undefined : value / 100 })}
      />
      <NumberField
        label="Test share"
        unit="%"
        min={percent(fields.testShare.min)}
        max={percent(fields.testShare.max)}
        value={percent(splits.testShare)}
        onCommit={(value) => onChange({ testShare: value / 100 })}
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

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : Number((100 * share).toFixed(4));
}
