import { useId } from "react";
import { formatCount } from "../../../shared/base/format-number.ts";
import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { quantiseOptionsSchema, type RangeMethod } from "../../../shared/model/stage-options.ts";
import { useProject } from "../../state/project-store.ts";
import { quantiseBackbone } from "../../state/stages/quantise.ts";
import { changeQuantising, rangeChoices, useQuantiseForm } from "../../state/stages/quantise-form.ts";
import { closeDialog } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { NumberField, SelectField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";

const fields = fieldsOf(quantiseOptionsSchema);

/** Asks how the backbone is quantised. */
export function QuantiseDialog() {
  const form = useId();
  const samples = useProject(({ project }) => project?.samples ?? 0);
  const options = useQuantiseForm();
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
          choices={rangeChoices}
          value={options.ranges}
          onChoose={(ranges) => changeQuantising({ ranges: ranges as RangeMethod })}
        />
        <NumberField
          label="Calibration images"
          hint={`That the ranges are taken from, of ${formatCount(samples)}`}
          min={fields.images.min}
          max={fields.images.max}
          step={1}
          value={options.images}
          onCommit={(images) => changeQuantising({ images: Math.round(images) })}
        />
      </form>
    </Dialog>
  );
}
