import { useId, useState } from "react";
import { formatCount } from "../../../shared/base/format-number.ts";
import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import {
  type QuantiseOptions,
  quantiseOptionsSchema,
  type RangeMethod,
  rangeMethods,
} from "../../../shared/model/stage-options.ts";
import { useProject } from "../../state/project-store.ts";
import { quantiseBackbone } from "../../state/stages/quantise.ts";
import { closeDialog } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { NumberField, SelectField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";

const fields = fieldsOf(quantiseOptionsSchema);

const rangeLabels: Readonly<Record<RangeMethod, string>> = {
  "min-max": "lowest to highest value",
  percentile: "all but the outermost 0.01 %",
  "least-error": "least squared error",
};

/** Asks how the backbone is quantised. */
export function QuantiseDialog() {
  const form = useId();
  const samples = useProject(({ project }) => project?.samples ?? 0);
  const [options, setOptions] = useState<QuantiseOptions>(quantiseOptionsSchema.parse({}));
  const change = (changed: Partial<QuantiseOptions>) => setOptions({ ...options, ...changed });
  return (
    <Dialog
      title="Quantise the backbone"
      description="The same network with 8-bit integers, a quarter as large: a point on the chart that plans with exits have to beat."
      open
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button look="primary" type="submit" form={form}>
            Quantise
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={layoutStyles.column}
        onSubmit={(event) => {
          event.preventDefault();
          closeDialog();
          void quantiseBackbone(options);
        }}
      >
        <SelectField
          label="Ranges of activations"
          hint="What the 256 levels of a byte are spread over"
          choices={rangeMethods.map((method) => ({ value: method, label: rangeLabels[method] }))}
          value={options.ranges}
          onChoose={(ranges) => change({ ranges: ranges as RangeMethod })}
        />
        <NumberField
          label="Calibration images"
          hint={`That the ranges are taken from, of ${formatCount(samples)}`}
          min={fields.images.min}
          max={fields.images.max}
          step={1}
          value={options.images}
          onCommit={(images) => change({ images: Math.round(images) })}
        />
      </form>
    </Dialog>
  );
}
