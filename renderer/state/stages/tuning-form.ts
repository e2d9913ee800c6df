import { create } from "zustand";
import { networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import type { Request } from "../../../shared/ipc/channels.ts";
import type { Design } from "../../../shared/model/design.ts";
import { outputHead } from "../../../shared/model/plan.ts";
import { type TuneOptions, tuneOptionsSchema } from "../../../shared/model/tune-options.ts";
import { useDesign } from "../design-store.ts";

/** Which network is tuned, and how. */
export interface TuningForm {
  /** SHA-256 of a further network; null: the backbone. */
  readonly network: string | null;
  /** Exits that the front uses most, or those of the live plan. */
  readonly exits: "front" | "plan";
  /** What differs from the defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly processes: number;
  /** Where it is trained; null: beside the project. */
  readonly folder: string | null;
}

const emptyForm: TuningForm = { network: null, exits: "front", options: {}, processes: 1, folder: null };

export const useTuningForm = create<TuningForm>()(() => emptyForm);

export function resetTuningForm(): void {
  useTuningForm.setState(emptyForm);
}

export function changeTuning(change: Partial<TuningForm>): void {
  useTuningForm.setState(change);
}

export function tuneOptions({ options }: Pick<TuningForm, "options">): TuneOptions {
  return tuneOptionsSchema.parse(options);
}

/** SHA-256 of the network that the form is about: the backbone if the one that was chosen is gone. */
export function tunedNetwork({ network }: TuningForm, project: ProjectView): string {
  const chosen = network === null ? undefined : networkOf(project, network);
  return (chosen ?? project).backbone.sha256;
}

type Exits = NonNullable<Request<"project.tune">["exits"]>;

/** Exits of the live plan in a network, where it has some. */
export function plannedExits(
  { exits }: Pick<Design, "exits">,
  { backbone }: ProjectView,
  network: string,
): Exits {
  return exits
    .filter(({ member = backbone.sha256, head }) => member === network && head !== outputHead)
    .map(({ cutPoint, head }) => ({ cutPoint, head }));
}

/** Which exits a network may be tuned with: those of the live plan only where it has some there. */
export function tunedExitChoices(project: ProjectView, network: string) {
  const usual = {
    value: "front",
    label: project.front ? "Those that the front uses most" : "Evenly spread over the network",
  };
  const isPlanned = plannedExits(useDesign.getState(), project, network).length > 0;
  return isPlanned ? [usual, { value: "plan", label: "Those of the live plan" }] : [usual];
}
