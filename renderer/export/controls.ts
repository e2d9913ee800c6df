import { fieldsOf } from "../../shared/model/schema-fields.ts";
import { verifyOptionsSchema } from "../../shared/model/stage-options.ts";
import { type Control, numberControl, switchControl } from "../state/controls.ts";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { useEngine } from "../state/engine-store.ts";
import {
  changeExport,
  chooseFormat,
  choosePoint,
  isChosen,
  useExportForm,
} from "../state/stages/export-form.ts";
import { openDialog } from "../state/view-store.ts";
import { focusControl } from "../ui/focus.ts";
import { canExport } from "./export-plan.ts";
import { offeredPoints } from "./operating-points.ts";
import { answerTogether, chosenTogether, obstacleToTogether, togetherLabel } from "./together.ts";

const { min, max } = fieldsOf(verifyOptionsSchema).seconds;

const place = (title: string) => ({
  title,
  group: "Export",
  show: () => {
    openDialog("export");
    focusControl(title);
  },
});

function livePoints() {
  const design = useDesign.getState();
  return offeredPoints(chosenTogether()?.plan ?? livePlanOf(design), design.pinned);
}

/** What is chosen for an export. */
export function exportControls(): Control[] {
  if (!canExport()) return [];
  const { verify, verifySeconds, report, switched, points } = useExportForm.getState();
  const formats = useEngine.getState().offers?.exportFormats ?? [];
  return [
    ...formats.map((format) =>
      switchControl({ ...place(format.title), words: "format files" }, isChosen(format, switched), (isOn) =>
        chooseFormat(format.id, isOn),
      ),
    ),
    ...livePoints().flatMap(({ plan: { name }, obstacle }) =>
      obstacle === undefined
        ? switchControl({ ...place(name), words: "operating point" }, points.includes(name), (isOn) =>
            choosePoint(name, isOn),
          )
        : [],
    ),
    ...(obstacleToTogether() === undefined
      ? [
          switchControl(
            { ...place(togetherLabel), words: "decisions" },
            chosenTogether() !== undefined,
            (isOn) => void answerTogether(isOn),
          ),
        ]
      : []),
    switchControl(place("Verify"), verify, (isOn) => changeExport({ verify: isOn })),
    numberControl(place("Time to verify"), { unit: "s", min, max }, verifySeconds, (seconds) =>
      changeExport({ verifySeconds: seconds }),
    ),
    switchControl(place("Report"), report, (isOn) => changeExport({ report: isOn })),
  ];
}
