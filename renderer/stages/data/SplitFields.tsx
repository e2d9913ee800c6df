import type { SplitOptions } from "../../../shared/model/stage-options.ts";
import { NumberField, SelectField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { calibrationSources, percent, splitFields, splitLimits } from "./split-choices.ts";

interface SplitFieldsProps {
  readonly splits: SplitOptions;
  onChange(change: Partial<SplitOptions>): void;
}

/** How the images are divided: heads train on one split, thresholds are chosen on another, results come from the third. */
export function SplitFields({ splits, onChange }: SplitFieldsProps) {
  return (
    <div className={layoutStyles.fields}>
      {splitLimits.map(([key, label]) => (
        <NumberField
          key={key}
          label={label}
          optional
          min={splitFields[key].min}
          step={1}
          value={splits[key]}
          onCommit={(value) => onChange({ [key]: value })}
        />
      ))}
      <SelectField
        label="Calibration from"
        hint="Where the data has no such split; the backbone has seen training images"
        choices={calibrationSources}
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
        min={percent(splitFields.calibrationShare.min)}
        max={percent(splitFields.calibrationShare.max)}
        value={percent(splits.calibrationShare)}
        onCommit={(value) => onChange({ calibrationShare: value === undefined ? undefined : value / 100 })}
      />
      <NumberField
        label="Test share"
        unit="%"
        min={percent(splitFields.testShare.min)}
        max={percent(splitFields.testShare.max)}
        value={percent(splits.testShare)}
        onCommit={(value) => onChange({ testShare: value / 100 })}
      />
      <NumberField
        label="Seed"
        min={splitFields.seed.min}
        max={splitFields.seed.max}
        step={1}
        value={splits.seed}
        onCommit={(seed) => onChange({ seed })}
      />
    </div>
  );
}
