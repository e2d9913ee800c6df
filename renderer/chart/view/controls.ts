import { type AxisId, knownAxes, shownAxis } from "../../../shared/presentation/chart/axes.ts";
import { chartChoices, chooseChart } from "../../state/chart-store.ts";
import { type Control, choiceControl, switchControl } from "../../state/controls.ts";
import { setPanes } from "../../state/panes.ts";
import { usePlans } from "../../state/plan-store.ts";
import { focusControl } from "../../ui/focus.ts";

/** What the chart's toolbar has. */
export function chartControls(): Control[] {
  const { backbone } = usePlans.getState();
  if (!backbone) return [];
  const { axis, log } = chartChoices();
  const place = (title: string, label: string) => ({
    title,
    group: "Chart",
    show: () => {
      setPanes({ chart: true });
      focusControl(label);
    },
  });
  const choices = knownAxes(backbone).map(({ id, title }) => ({ value: id, label: title }));
  return [
    choiceControl(
      place("Horizontal axis", "Horizontal axis"),
      choices,
      shownAxis(axis, backbone).id,
      (value) => chooseChart({ axis: value as AxisId }),
    ),
    switchControl(place("Logarithmic axis", "Logarithmic horizontal axis"), log, (isOn) =>
      chooseChart({ log: isOn }),
    ),
  ];
}
