import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import {
  profileOptionsSchema,
  quantiseOptionsSchema,
  type RangeMethod,
} from "../../../shared/model/stage-options.ts";
import { type Control, choiceControl, numberControl } from "../../state/controls.ts";
import { useEngine } from "../../state/engine-store.ts";
import { changeProfiling, useProfileForm } from "../../state/stages/profile-form.ts";
import { canQuantise } from "../../state/stages/quantise.ts";
import { changeQuantising, rangeChoices, useQuantiseForm } from "../../state/stages/quantise-form.ts";
import { openDialog, openPanel } from "../../state/view-store.ts";
import { focusControl } from "../../ui/focus.ts";

const { min, max } = fieldsOf(profileOptionsSchema).seconds;

const place = (title: string) => ({
  title,
  group: "Profile",
  show: () => {
    openPanel("profile");
    focusControl(title);
  },
});

/** The fields of the profile panel, and of the dialog that it opens. */
export function profileControls(): Control[] {
  const { offers } = useEngine.getState();
  const { provider, threads, seconds } = useProfileForm.getState();
  const providers = (offers?.providers ?? [provider]).map((name) => ({ value: name, label: name }));
  return [
    choiceControl(place("Provider"), providers, provider, (chosen) => changeProfiling({ provider: chosen })),
    numberControl(place("Threads"), { min: 1, max: offers?.threads, whole: true }, threads, (value) =>
      changeProfiling({ threads: value }),
    ),
    numberControl(place("Measure at most"), { unit: "s", min, max }, seconds, (value) =>
      changeProfiling({ seconds: value }),
    ),
    ...(canQuantise() ? quantiseControls() : []),
  ];
}

const { images: imageRange } = fieldsOf(quantiseOptionsSchema);

function quantiseControls(): Control[] {
  const options = useQuantiseForm.getState();
  const inDialog = (title: string) => ({
    title,
    group: "Quantise",
    words: "int8",
    show: () => {
      openDialog("quantise");
      focusControl(title);
    },
  });
  return [
    choiceControl(inDialog("Ranges of activations"), rangeChoices, options.ranges, (ranges) =>
      changeQuantising({ ranges: ranges as RangeMethod }),
    ),
    numberControl(inDialog("Calibration images"), { ...imageRange, whole: true }, options.images, (images) =>
      changeQuantising({ images }),
    ),
  ];
}
