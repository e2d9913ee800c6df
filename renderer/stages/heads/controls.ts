import { z } from "zod";
import { networkViews, type ProjectView } from "../../../shared/files/project-view.ts";
import { schemaFields } from "../../../shared/model/schema-fields.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { tuneOptionsSchema } from "../../../shared/model/tune-options.ts";
import { type Control, choiceControl, fieldControls, switchControl } from "../../state/controls.ts";
import { useEngine } from "../../state/engine-store.ts";
import { currentNetworkTitles } from "../../state/network-titles.ts";
import { useProject } from "../../state/project-store.ts";
import { changeLearning } from "../../state/stages/data-form.ts";
import { changeHeads, chosenKinds, useHeadsForm } from "../../state/stages/heads-form.ts";
import { obstacleToTuning } from "../../state/stages/tuning.ts";
import {
  changeTuning,
  type TuningForm,
  tunedExitChoices,
  tunedNetwork,
  useTuningForm,
} from "../../state/stages/tuning-form.ts";
import { type HeadsTab, openHeads } from "../../state/view-store.ts";
import { focusControl } from "../../ui/focus.ts";

const trainingFields = schemaFields(z.toJSONSchema(trainOptionsSchema, { io: "input" }));
const tuningFields = schemaFields(z.toJSONSchema(tuneOptionsSchema, { io: "input" }));

const showIn = (tab: HeadsTab) => (title: string) => {
  openHeads(tab);
  focusControl(title);
};

/** The fields of the heads panel: kinds of heads, how they learn, and how a whole network does. */
export function headsControls(): Control[] {
  const { project } = useProject.getState();
  const { offers } = useEngine.getState();
  if (!project || !offers) return [];
  const form = useHeadsForm.getState();
  const chosen = chosenKinds(form, offers, project.backbone);
  return [
    ...offers.headKinds.map(({ id, title }) =>
      switchControl(
        { title, group: "Heads", show: () => showIn("heads")(title) },
        chosen.includes(id),
        (isOn) => {
          const kinds = isOn ? [...chosen, id] : chosen.filter((other) => other !== id);
          changeHeads({ kinds });
          changeLearning(kinds.length > 0);
        },
      ),
    ),
    ...offers.headKinds
      .filter(({ id }) => chosen.includes(id))
      .flatMap(({ id, title, options }) =>
        fieldControls(
          schemaFields(options),
          form.options[id] ?? {},
          { group: "Heads", words: title },
          showIn("heads"),
          (key, value) => {
            const now = useHeadsForm.getState().options;
            changeHeads({ options: { ...now, [id]: { ...now[id], [key]: value } } });
          },
        ),
      ),
    ...fieldControls(
      trainingFields,
      form.training,
      { group: "Heads", words: "training" },
      showIn("heads"),
      (key, value) => changeHeads({ training: { ...useHeadsForm.getState().training, [key]: value } }),
    ),
    ...(obstacleToTuning(project) === undefined ? tuningControls(project) : []),
  ];
}

function tuningControls(project: ProjectView): Control[] {
  return [
    ...networkControls(project),
    ...fieldControls(
      tuningFields,
      useTuningForm.getState().options,
      { group: "Tuning" },
      showIn("tuning"),
      (key, value) => changeTuning({ options: { ...useTuningForm.getState().options, [key]: value } }),
    ),
  ];
}

/** Which network is tuned, where there are several, and with which exits. */
function networkControls(project: ProjectView): Control[] {
  const form = useTuningForm.getState();
  const titles = currentNetworkTitles();
  const place = (title: string) => ({ title, group: "Tuning", show: () => showIn("tuning")(title) });
  const networks = networkViews(project).map(({ backbone: { sha256 } }) => ({
    value: sha256,
    label: titles.whole(sha256),
  }));
  const network = tunedNetwork(form, project);
  const choices = tunedExitChoices(project, network);
  const exits = choices.some(({ value }) => value === form.exits) ? form.exits : "front";
  return [
    ...(networks.length > 1
      ? [choiceControl(place("Network"), networks, network, (chosen) => changeTuning({ network: chosen }))]
      : []),
    choiceControl(place("Exits"), choices, exits, (chosen) =>
      changeTuning({ exits: chosen as TuningForm["exits"] }),
    ),
  ];
}
