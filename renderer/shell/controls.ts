import { plainName } from "../../shared/base/plain-name.ts";
import { units } from "../../shared/model/constraints.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { classesWithoutSamples } from "../../shared/space/sample-weights.ts";
import { chartControls } from "../chart/view/controls.ts";
import { exportControls } from "../export/controls.ts";
import { heatControls } from "../graph/view/controls.ts";
import { exitControls } from "../inspector/controls.ts";
import { stageControls } from "../stages/controls.ts";
import { type Control, choiceControl, numberControl } from "../state/controls.ts";
import { setTarget, setUseCase, useDesign } from "../state/design-store.ts";
import { usePlans } from "../state/plan-store.ts";
import { useProject } from "../state/project-store.ts";
import { targetProfile } from "../state/target-profile.ts";
import { currentTargetTitles } from "../state/target-titles.ts";
import { showUseCase } from "../state/view-store.ts";
import { focusControl } from "../ui/focus.ts";
import {
  confidenceChoices,
  frontChoices,
  isFrontChosen,
  latencyChoices,
  offeredConstraints,
  weighClass,
  weightRange,
} from "./use-case-choices.ts";

/** Everything that has a value, as the window is now. */
export function windowControls(): readonly Control[] {
  if (!useProject.getState().project) return [];
  return [
    ...constraintControls(),
    ...weightControls(),
    ...targetControls(),
    ...exitControls(),
    ...chartControls(),
    ...heatControls(),
    ...stageControls(),
    ...exportControls(),
  ];
}

function constraintControls(): Control[] {
  const { useCase } = useDesign.getState();
  const isEnergyKnown = usePlans.getState().backbone?.energyMillijoules !== undefined;
  const place = (title: string, words?: string) => ({
    title,
    group: "Use case",
    words,
    show: () => {
      showUseCase(true);
      focusControl(title);
    },
  });
  return [
    choiceControl(place("Latency that counts"), latencyChoices, useCase.latency, (value) =>
      setUseCase({ latency: value as UseCase["latency"] }),
    ),
    ...(isFrontChosen(useCase, isEnergyKnown)
      ? [
          choiceControl(place("Front of"), frontChoices, useCase.axis ?? "latency", (value) =>
            setUseCase({ axis: value === "energy" ? value : undefined }),
          ),
        ]
      : []),
    ...offeredConstraints(useCase, isEnergyKnown).map(({ field, title, flag, unit, range, shortName }) => {
      const { symbol, read, show } = units[unit];
      const wanted = useCase[field];
      return numberControl(
        place(title, `${shortName(useCase.latency)} ${flag.slice(2)}`),
        { unit: symbol, min: show(range[0]), max: show(range[1]) },
        wanted === undefined ? undefined : show(wanted),
        (typed) => setUseCase({ [field]: read(typed) }),
        () => setUseCase({ [field]: undefined }),
      );
    }),
    choiceControl(
      place("Guarantee of drop and accuracy", "confidence"),
      confidenceChoices(useCase.confidence),
      String(useCase.confidence ?? ""),
      (value) => setUseCase({ confidence: value === "" ? undefined : Number(value) }),
    ),
  ];
}

/** The weight of every class that has samples. */
function weightControls(): Control[] {
  const { project, tables } = useProject.getState();
  const labels = [...tables.values()][0]?.labels;
  const names = project?.data?.classNames ?? [];
  if (!labels) return [];
  const weights = useDesign.getState().useCase.classWeights ?? {};
  const absent = classesWithoutSamples(labels, names.length);
  return names.flatMap((name, index) => {
    if (absent.has(index)) return [];
    const title = plainName(name);
    const show = () => {
      showUseCase(true);
      focusControl(title);
    };
    return numberControl(
      { title, group: "Class weight", words: "use case", show },
      weightRange,
      weights[index] ?? 1,
      (weight) => weighClass(index, weight),
    );
  });
}

function targetControls(): Control[] {
  const profiles = useProject.getState().project?.profiles ?? [];
  const inUse = targetProfile();
  const titles = currentTargetTitles();
  if (!inUse) return [];
  const place = { title: "Target", group: "Project", words: "profile", show: () => focusControl("Target") };
  const choices = profiles.map(({ id }) => ({ value: id, label: titles.whole(id) }));
  return [choiceControl(place, choices, inUse.id, setTarget)];
}
