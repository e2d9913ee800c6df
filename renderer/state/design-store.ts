import { temporal } from "zundo";
import { create, useStore } from "zustand";
import {
  type Design,
  type DesignOffload,
  emptyDesign,
  maxPinnedPlans,
  type SecondTarget,
} from "../../shared/model/design.ts";
import type { PartitionedPlan, PlanExit } from "../../shared/model/plan.ts";
import type { UseCase } from "../../shared/model/use-case.ts";

interface DesignActions {
  /**
   * Takes a whole plan, its partition included: from the chart, the table, a pinned plan.
   * @param second what takes over behind the partition, if none is chosen
   */
  takePlan(plan: PartitionedPlan, second?: SecondTarget): void;
  /** Other exits; the partition stays where it is. */
  setExits(exits: readonly PlanExit[]): void;
  setExit(index: number, change: Partial<PlanExit>): void;
  removeExit(index: number): void;
  /** @param name the next free "plan N" if absent */
  pin(plan: PartitionedPlan, name?: string): void;
  unpin(index: number): void;
  rename(index: number, name: string): void;
  setUseCase(change: Partial<UseCase>): void;
  /** @param id of a profile */
  setTarget(id: string): void;
  /** @param offload one target alone if absent */
  setOffload(offload: DesignOffload | undefined): void;
}

/** What the person designs; every change is a step that can be undone. */
export const useDesign = create<Design & DesignActions>()(
  temporal<Design & DesignActions, [], [], Design>(
    (set) => ({
      ...emptyDesign,
      takePlan: ({ exits, cut }, second) =>
        set(({ offload = second }) => ({ exits: [...exits], offload: offload && { ...offload, cut } })),
      setExits: (exits) => set({ exits: [...exits] }),
      setExit: (index, change) =>
        set(({ exits }) => ({
          exits: exits.map((exit, other) => (other === index ? { ...exit, ...change } : exit)),
        })),
      removeExit: (index) => set(({ exits }) => ({ exits: exits.filter((_, other) => other !== index) })),
      pin: ({ exits, cut }, name) =>
        set(({ pinned }) =>
          pinned.length >= maxPinnedPlans
            ? {}
            : { pinned: [...pinned, { name: name ?? freeName(pinned), exits: [...exits], cut }] },
        ),
      unpin: (index) => set(({ pinned }) => ({ pinned: pinned.filter((_, other) => other !== index) })),
      rename: (index, name) =>
        set(({ pinned }) => ({
          pinned: pinned.map((plan, other) => (other === index ? { ...plan, name } : plan)),
        })),
      setUseCase: (change) => set(({ useCase }) => ({ useCase: { ...useCase, ...change } })),
      setTarget: (target) => set({ target }),
      setOffload: (offload) => set({ offload }),
    }),
    {
      limit: 200,
      partialize: designOf,
      equality: (past, current) => JSON.stringify(past) === JSON.stringify(current),
    },
  ),
);

/** The plan that is designed, with its partition. */
export function livePlanOf({ exits, offload }: Pick<Design, "exits" | "offload">): PartitionedPlan {
  return { exits, cut: offload?.cut };
}

/** The design without the store's actions. */
export function designOf({ exits, pinned, useCase, target, offload }: Design): Design {
  return { exits, pinned, useCase, target, offload };
}

function freeName(pinned: Design["pinned"]): string {
  for (let number = 1; ; number++)
    if (!pinned.some(({ name }) => name === `plan ${number}`)) return `plan ${number}`;
}

/**
 * Another profile takes the place of one, or none if it is gone: in the design and in all steps to undo and redo. Without
 * its profile a target gives way to the first one, a server to none.
 */
export function replaceProfile(id: string, by: string | null): void {
  const replaced = ({ target, offload, ...rest }: Design): Design => ({
    ...rest,
    target: target === id ? by : target,
    offload: offload?.server !== id ? offload : by === null ? undefined : { ...offload, server: by },
  });
  history().pause();
  useDesign.setState(replaced(designOf(useDesign.getState())));
  history().resume();
  const { pastStates, futureStates } = history();
  useDesign.temporal.setState({
    pastStates: pastStates.map((step) => replaced(step as Design)),
    futureStates: futureStates.map((step) => replaced(step as Design)),
  });
}

/** Puts another design in place and forgets the steps to the old one. */
export function replaceDesign(design: Design): void {
  history().pause();
  useDesign.setState(designOf(design));
  history().resume();
  history().clear();
}

/** Undo, redo and how many steps there are. */
export function history() {
  return useDesign.temporal.getState();
}

export function useHistory<Selected>(
  select: (state: { undoable: boolean; redoable: boolean }) => Selected,
): Selected {
  return useStore(useDesign.temporal, ({ pastStates, futureStates }) =>
    select({ undoable: pastStates.length > 0, redoable: futureStates.length > 0 }),
  );
}

let gestureStart: Design | undefined;

/** From here to `endGesture` all changes are one step: a slider being dragged. */
export function beginGesture(): void {
  if (gestureStart) return;
  gestureStart = designOf(useDesign.getState());
  history().pause();
}

/** Whether a gesture is in progress: expensive work waits for its end. */
export function inGesture(): boolean {
  return gestureStart !== undefined;
}

export function endGesture(): void {
  if (!gestureStart) return;
  const end = designOf(useDesign.getState());
  // Replays the whole gesture as one change.
  useDesign.setState(gestureStart);
  gestureStart = undefined;
  history().resume();
  useDesign.setState(end);
}
