import { networkOf } from "../../shared/files/project-view.ts";
import { linkSchema } from "../../shared/model/link.ts";
import { outputHead, type PlanExit } from "../../shared/model/plan.ts";
import { fieldsOf } from "../../shared/model/schema-fields.ts";
import { type Control, choiceControl, numberControl } from "../state/controls.ts";
import { setExit, setOffload, useDesign } from "../state/design-store.ts";
import { useEngine } from "../state/engine-store.ts";
import { changeExit } from "../state/live/plan-editing.ts";
import { offeredPolicies, providePolicy } from "../state/live/provide-policy.ts";
import { useLive } from "../state/live-store.ts";
import { notifyError } from "../state/notice-store.ts";
import { setPanes } from "../state/panes.ts";
import { currentShortPartitionNames } from "../state/partition-names.ts";
import { useProject } from "../state/project-store.ts";
import { currentTargetTitles } from "../state/target-titles.ts";
import { select } from "../state/view-store.ts";
import { focusControl } from "../ui/focus.ts";
import { goToThreshold } from "./commands.ts";
import { titledVariants, withOwn } from "./exit/exit-choices.ts";
import {
  choosePartition,
  chooseServer,
  partitionPlaces,
  partitionValue,
  serverChoices,
} from "./plan/offload-choices.ts";

/** What the inspector lets a person change: every exit of the live plan, and a second target with the link to it. */
export function exitControls(): Control[] {
  const { exits, offload } = useDesign.getState();
  return [
    ...exits.flatMap(controlsOf),
    ...serverControls(),
    ...(offload ? [...linkControls(), ...partitionControls()] : []),
  ];
}

function controlsOf(exit: PlanExit, index: number): Control[] {
  const { project } = useProject.getState();
  if (!project) return [];
  const { offers } = useEngine.getState();
  const group = `Exit ${index + 1}`;
  const place = (title: string) => ({
    title,
    group,
    show: () => {
      select({ kind: "exit", member: exit.member, cutPoint: exit.cutPoint });
      setPanes({ inspector: true });
      focusControl(title);
    },
  });
  const heads = (networkOf(project, exit.member)?.heads ?? [])
    .filter(({ cutPoint }) => cutPoint === exit.cutPoint)
    .map(({ kind }) => kind);
  const policies = withOwn(offeredPolicies(project, offers), exit.policy);
  const choosePolicy = (policy: string) =>
    void providePolicy(policy)
      .then(() => changeExit(index, { policy }))
      .catch(notifyError);
  return [
    ...(useLive.getState().figures === null
      ? []
      : [
          numberControl(
            { title: "Threshold", group, words: "leaves from", show: () => goToThreshold(index) },
            { min: 0, max: 1 },
            Number(exit.threshold.toFixed(4)),
            (threshold) => setExit(index, { threshold }),
          ),
        ]),
    ...(exit.head === outputHead
      ? []
      : [
          choiceControl(
            place("Head"),
            titledVariants(withOwn(heads, exit.head), offers?.headKinds),
            exit.head,
            (head) => changeExit(index, { head }),
          ),
        ]),
    choiceControl(
      place("Exit policy"),
      titledVariants(policies, offers?.policies),
      exit.policy,
      choosePolicy,
    ),
  ];
}

const linkFields = fieldsOf(linkSchema);
const links = [
  { key: "latencyMs", title: "One way", unit: "ms" },
  { key: "bandwidthMbps", title: "Bandwidth", unit: "Mbit/s" },
] as const;

function serverPlace(title: string) {
  const show = () => {
    select(null);
    setPanes({ inspector: true });
    focusControl(title);
  };
  return { title, group: "Link to the server", words: "offload partition", show };
}

function serverControls(): Control[] {
  const { project } = useProject.getState();
  const { offload } = useDesign.getState();
  const choices = project ? serverChoices(project, offload?.server, currentTargetTitles()) : [];
  return choices.length > 1
    ? [choiceControl(serverPlace("Server"), choices, offload?.server ?? "", chooseServer)]
    : [];
}

function linkControls(): Control[] {
  return links.map(({ key, title, unit }) => {
    const { link } = useDesign.getState().offload!;
    return numberControl(serverPlace(title), { unit, min: linkFields[key].min }, link[key], (value) => {
      const { offload } = useDesign.getState();
      if (offload) setOffload({ ...offload, link: { ...offload.link, [key]: value } });
    });
  });
}

function partitionControls(): Control[] {
  const { offload, chain } = useDesign.getState();
  const nameOf = currentShortPartitionNames();
  const places = partitionPlaces(useLive.getState().partitionSpaces, chain);
  const choices = places.map((place) => ({ value: partitionValue(place), label: nameOf(place) }));
  return [
    choiceControl(
      serverPlace("The server takes over"),
      choices,
      offload ? partitionValue(offload) : "",
      (value) => choosePartition(places.find((place) => partitionValue(place) === value) ?? {}),
    ),
  ];
}
