import { type Preprocess, preprocessPresets } from "../../../shared/model/preprocess.ts";
import type { SplitOptions } from "../../../shared/model/stage-options.ts";
import {
  type Control,
  choiceControl,
  draftControl,
  numberControl,
  switchControl,
} from "../../state/controls.ts";
import { changePreprocess, changeSplits, useDataForm } from "../../state/stages/data-form.ts";
import { openPanel } from "../../state/view-store.ts";
import { focusControl } from "../../ui/focus.ts";
import {
  presetOf,
  readNumbers,
  readScale,
  readSize,
  writeNumbers,
  writeScale,
  writeSize,
} from "../../ui/preprocess-text.ts";
import { channelOrders, interpolations } from "./preprocess-choices.ts";
import { calibrationSources, percent, splitFields, splitLimits } from "./split-choices.ts";

const place = (title: string) => ({
  title,
  group: "Data",
  show: () => {
    openPanel("data");
    focusControl(title);
  },
});

/** The fields of the data panel. */
export function dataControls(): Control[] {
  return [...preprocessControls(), ...splitControls()];
}

function preprocessControls(): Control[] {
  const { preprocess } = useDataForm.getState();
  const change = (part: Partial<Preprocess>) =>
    changePreprocess({ ...useDataForm.getState().preprocess, ...part });
  const presets = preprocessPresets.map(({ id, title }) => ({ value: id, label: title }));
  return [
    choiceControl(
      { ...place("As the model was trained"), words: "preset preprocessing" },
      presets,
      presetOf(preprocess)?.id ?? "values of your own",
      (id) => {
        const chosen = preprocessPresets.find((preset) => preset.id === id);
        if (chosen) changePreprocess(chosen.preprocess);
      },
    ),
    draftControl(place("Resize"), writeSize(preprocess.resize), readSize, (resize) => change({ resize })),
    draftControl(place("Centre crop"), writeSize(preprocess.centreCrop), readSize, (centreCrop) =>
      change({ centreCrop }),
    ),
    choiceControl(place("Interpolation"), interpolations, preprocess.interpolation, (interpolation) =>
      change({ interpolation: interpolation as Preprocess["interpolation"] }),
    ),
    draftControl(place("Scale"), writeScale(preprocess.scale), readScale, (scale) => change({ scale })),
    choiceControl(place("Channels"), channelOrders, preprocess.channels, (channels) =>
      change({ channels: channels as Preprocess["channels"] }),
    ),
    switchControl(place("Antialias when shrinking"), preprocess.antialias, (antialias) =>
      change({ antialias }),
    ),
    switchControl(place("Turn photographs upright"), preprocess.exifOrientation, (exifOrientation) =>
      change({ exifOrientation }),
    ),
    draftControl(place("Mean"), writeNumbers(preprocess.mean), readNumbers, (mean) => change({ mean })),
    draftControl(
      place("Standard deviation"),
      writeNumbers(preprocess.standardDeviation),
      (text) => readNumbers(text, { above: 0 }),
      (standardDeviation) => change({ standardDeviation }),
    ),
  ];
}

function splitControls(): Control[] {
  const { splits } = useDataForm.getState();
  const { calibrationShare, testShare, seed } = splitFields;
  return [
    ...splitLimits.map(([key, title]) =>
      numberControl(
        place(title),
        { min: splitFields[key].min, whole: true },
        splits[key],
        (value) => changeSplits({ [key]: value }),
        () => changeSplits({ [key]: undefined }),
      ),
    ),
    choiceControl(
      place("Calibration from"),
      calibrationSources,
      splits.calibrationFrom ?? "held-out",
      (calibrationFrom) =>
        changeSplits({ calibrationFrom: calibrationFrom as SplitOptions["calibrationFrom"] }),
    ),
    numberControl(
      place("Calibration share"),
      { unit: "%", min: percent(calibrationShare.min), max: percent(calibrationShare.max) },
      percent(splits.calibrationShare),
      (value) => changeSplits({ calibrationShare: value / 100 }),
      () => changeSplits({ calibrationShare: undefined }),
    ),
    numberControl(
      place("Test share"),
      { unit: "%", min: percent(testShare.min), max: percent(testShare.max) },
      percent(splits.testShare),
      (value) => changeSplits({ testShare: value / 100 }),
    ),
    numberControl(place("Seed"), { min: seed.min, max: seed.max, whole: true }, splits.seed, (value) =>
      changeSplits({ seed: value }),
    ),
  ];
}
