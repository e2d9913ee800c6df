import { create } from "zustand";
import type { EngineView } from "../../../shared/ipc/variants.ts";
import { schemaDefaults } from "../../../shared/model/schema-fields.ts";
import { type TrainOptions, trainOptionsSchema } from "../../../shared/model/stage-options.ts";

interface HeadsForm {
  /** Ids of the kinds to train; null for the first one that the engine offers. */
  readonly kinds: readonly string[] | null;
  /** Options that differ from the defaults, by kind. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly training: TrainOptions;
}

const emptyForm: HeadsForm = { kinds: null, options: {}, training: trainOptionsSchema.parse({}) };

export const useHeadsForm = create<HeadsForm>()(() => emptyForm);

export function resetHeadsForm(): void {
  useHeadsForm.setState(emptyForm);
}

export function changeHeads(change: Partial<HeadsForm>): void {
  useHeadsForm.setState(change);
}

export function chosenKinds({ kinds }: HeadsForm, { headKinds }: EngineView): readonly string[] {
  return kinds ?? headKinds.slice(0, 1).map(({ id }) => id);
}

/** The chosen kinds with all their options, in the engine's order. */
export function headChoices(form: HeadsForm, offers: EngineView) {
  const chosen = chosenKinds(form, offers);
  return offers.headKinds
    .filter(({ id }) => chosen.includes(id))
    .map(({ id, options }) => ({
      kind: id,
      options: { ...schemaDefaults(options), ...form.options[id] },
    }));
}
