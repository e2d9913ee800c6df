import {
  findRangeFault,
  type Preprocess,
  type PreprocessFault,
  preprocessPresets,
} from "../../../shared/model/preprocess.ts";
import { DraftField } from "../../ui/DraftField.tsx";
import { CheckField, SelectField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";
import {
  presetOf,
  readNumbers,
  readScale,
  readSize,
  writeNumbers,
  writeScale,
  writeSize,
} from "../../ui/preprocess-text.ts";
import textStyles from "../../ui/text.module.css";
import { channelOrders, interpolations } from "./preprocess-choices.ts";

const ownChoice = "own";

interface PreprocessFieldsProps {
  readonly preprocess: Preprocess;
  /** Whether the model takes bytes as they are, so that mean and deviation change nothing. */
  readonly readsBytes: boolean;
  onChange(preprocess: Preprocess): void;
}

/** How an image becomes the model's input. */
export function PreprocessFields({ preprocess, readsBytes, onChange }: PreprocessFieldsProps) {
  const fault = readsBytes ? undefined : findRangeFault(preprocess);
  const faultOf = (field: PreprocessFault["field"]) => (fault?.field === field ? fault.text : undefined);
  const preset = presetOf(preprocess);
  const change = (part: Partial<Preprocess>) => onChange({ ...preprocess, ...part });
  const choices = preprocessPresets.map(({ id, title }) => ({ value: id, label: title }));
  return (
    <>
      <SelectField
        label="As the model was trained"
        choices={preset ? choices : [...choices, { value: ownChoice, label: "Values of your own" }]}
        value={preset?.id ?? ownChoice}
        onChoose={(id) => {
          const chosen = preprocessPresets.find((candidate) => candidate.id === id);
          if (chosen) onChange(chosen.preprocess);
        }}
      />
      <div className={layoutStyles.fields}>
        <DraftField
          label="Resize (px)"
          placeholder="as it is"
          shown={writeSize(preprocess.resize)}
          read={readSize}
          onCommit={(resize) => change({ resize })}
        />
        <DraftField
          label="Centre crop (px)"
          placeholder="none"
          shown={writeSize(preprocess.centreCrop)}
          read={readSize}
          onCommit={(centreCrop) => change({ centreCrop })}
        />
        <SelectField
          label="Interpolation"
          choices={interpolations}
          value={preprocess.interpolation}
          onChoose={(interpolation) =>
            change({ interpolation: interpolation as Preprocess["interpolation"] })
          }
        />
        <DraftField
          label="Scale"
          shown={writeScale(preprocess.scale)}
          read={readScale}
          onCommit={(scale) => change({ scale })}
        />
        <SelectField
          label="Channels"
          choices={channelOrders}
          value={preprocess.channels}
          onChoose={(channels) => change({ channels: channels as Preprocess["channels"] })}
        />
      </div>
      <CheckField
        label="Antialias when shrinking"
        checked={preprocess.antialias}
        disabled={preprocess.interpolation === "nearest"}
        onCheck={(antialias) => change({ antialias })}
      />
      <CheckField
        label="Turn photographs upright (EXIF)"
        checked={preprocess.exifOrientation}
        onCheck={(exifOrientation) => change({ exifOrientation })}
      />
      <DraftField
        label="Mean"
        fault={faultOf("mean")}
        shown={writeNumbers(preprocess.mean)}
        read={readNumbers}
        onCommit={(mean) => change({ mean })}
      />
      <DraftField
        label="Standard deviation"
        fault={faultOf("standardDeviation")}
        shown={writeNumbers(preprocess.standardDeviation)}
        read={(text) => readNumbers(text, { above: 0 })}
        onCommit={(standardDeviation) => change({ standardDeviation })}
      />
      <p className={textStyles.note}>
        value = (pixel × scale − mean) / deviation, per channel; one number stands for all channels.
      </p>
    </>
  );
}
