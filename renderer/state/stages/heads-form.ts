import { create } from "zustand";
import type { EngineView } from "../../../shared/ipc/variants.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import { schemaDefaults } from "../../../shared/model/schema-fields.ts";
import { type TrainOptions, trainOptionsSchema } from "../../../shared/model/stage-options.ts";

interface HeadsForm {
  /** Ids of the kinds to train; null for the first one that the engine offers, or none where a network brings its exits. */
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

/** The kinds that the backbone gets: none unless somebody chose some, where it brings its exits. */
export function chosenKinds(
  { kinds }: HeadsForm,
  { headKinds }: EngineView,
  { readyExits }: Pick<BackboneSummary, "readyExits">,
): readonly string[] {
  return kinds ?? (readyExits.length > 0 ? [] : defaultKinds(headKinds));
}

function defaultKinds(headKinds: EngineView["headKinds"]): readonly string[] {
  return headKinds.slice(0, 1).map(({ id }) => id);
}

/** Whether heads of any network are to learn, or exits that came with all of them are only calibrated. */
export function learnsHeads(
  { kinds }: Pick<HeadsForm, "kinds">,
  networks: readonly Pick<BackboneSummary, "readyExits">[],
): boolean {
  return kinds ? kinds.length > 0 : networks.some(({ readyExits }) => readyExits.length === 0);
}

/** The chosen kinds with all their options, in the engine's order; where nobody chose, networks that bring their exits get none. */
export function headWish(form: HeadsForm, { headKinds }: EngineView) {
  const chosen = form.kinds ?? defaultKinds(headKinds);
  const heads = headKinds
    .filter(({ id }) => chosen.includes(id))
    .map(({ id, options }) => ({
      kind: id,
      options: { ...schemaDefaults(options), ...form.options[id] },
    }));
  return { heads, spareReady: form.kinds === null };
}
