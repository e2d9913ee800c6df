import { type Control, choiceControl } from "../../state/controls.ts";
import { setPanes } from "../../state/panes.ts";
import { changeSettings, useSettings } from "../../state/settings-store.ts";
import { targetProfile } from "../../state/target-profile.ts";
import { focusControl } from "../../ui/focus.ts";
import { heatMeasures } from "../geometry/heat.ts";
import { rememberedHeat } from "./use-heat-scale.ts";

/** What the graph is coloured by. */
export function heatControls(): Control[] {
  const hasLatency = (targetProfile()?.nodes.length ?? 0) > 0;
  const { views } = useSettings.getState();
  const show = () => {
    setPanes({ graph: true });
    focusControl("Colour");
  };
  const choices = heatMeasures
    .filter(({ id }) => id !== "latency" || hasLatency)
    .map(({ id, title }) => ({ value: id, label: title }));
  const place = { title: "Colour", group: "Graph", words: "heat", show };
  return [
    choiceControl(place, choices, String(views[rememberedHeat] ?? "none"), (id) =>
      changeSettings({ views: { ...useSettings.getState().views, [rememberedHeat]: id } }),
    ),
  ];
}
