import { fieldsOf } from "../../shared/model/schema-fields.ts";
import { verifyOptionsSchema } from "../../shared/model/stage-options.ts";
import { type Control, numberControl, switchControl } from "../state/controls.ts";
import { useEngine } from "../state/engine-store.ts";
import { changeExport, chooseFormat, isChosen, useExportForm } from "../state/stages/export-form.ts";
import { openDialog } from "../state/view-store.ts";
import { focusControl } from "../ui/focus.ts";
import { canExport } from "./export-plan.ts";

const { min, max } = fieldsOf(verifyOptionsSchema).seconds;

const place = (title: string) => ({
  title,
  group: "Export",
  show: () => {
    openDialog("export");
    focusControl(title);
  },
});

/** What is chosen for an export. */
export function exportControls(): Control[] {
  if (!canExport()) return [];
  const { verify, verifySeconds, report, switched } = useExportForm.getState();
  const formats = useEngine.getState().offers?.exportFormats ?? [];
  return [
    ...formats.map((format) =>
      switchControl({ ...place(format.title), words: "format files" }, isChosen(format, switched), (isOn) =>
        chooseFormat(format.id, isOn),
      ),
    ),
    switchControl(place("Verify"), verify, (isOn) => changeExport({ verify: isOn })),
    numberControl(place("Time to verify"), { unit: "s", min, max }, verifySeconds, (seconds) =>
      changeExport({ verifySeconds: seconds }),
    ),
    switchControl(place("Report"), report, (isOn) => changeExport({ report: isOn })),
  ];
}
