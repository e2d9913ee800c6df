import { temporal } from "zundo";
import { create, useStore } from "zustand";
import {
  type Design,
  type DesignOffload,
  designedPlan,
  emptyDesign,
  maxPinnedPlans,
  type SearchChoices,
  type SecondTarget,
} from "../../shared/model/design.ts";
import { isBackbone, type PartitionedPlan, type PlanExit } from "../../shared/model/plan.ts";
import type { UseCase } from "../../shared/model/use-case.ts";

/** Undoing puts old values over new ones, so what is absent has to be said as well. */
const whole = (design: Design): Design => ({
  ...design,
  chain: design.chain,
  offload: design.offload,
  search: design.search,
  targetNames: design.targetNames,
  runNotes: design.runNotes,
});

/** What the person designs; every change is a step that can be undone. */
export const useDesign = create<Design>()(
  temporal(() => whole(emptyDesign), {
    limit: 200,
    equality: (past, current) => JSON.stringify(past) === JSON.stringify(current),
  }),
);

/**
 * Takes a whole plan, its networks and its partition included: from the chart, the table, a pinned plan.
 * @param second what takes over behind the partition, if none is chosen
 */
export function takePlan({ exits, chain, cut, cutMember }: PartitionedPlan, second?: SecondTarget): void {
  useDesign.setState(({ offload = second }) => ({
    exits: [...exits],
    chain,
    offload: offload && { ...offload, cut, cutMember },
  }));
}

/** Other exits; networks and partition stay as they are. */
export function setExits(exits: readonly PlanExit[]): void {
  useDesign.setState({ exits: [...exits] });
}

/** The backbone alone; a partition of it stays where it is. */
export function clearPlan(): void {
  useDesign.setState(({ offload }) => ({
    exits: [],
    chain: undefined,
    offload: offload?.cutMember === undefined ? offload : { server: offload.server, link: offload.link },
  }));
}

export function setExit(index: number, change: Partial<PlanExit>): void {
  useDesign.setState(({ exits }) => ({
    exits: exits.map((exit, other) => (other === index ? { ...exit, ...change } : exit)),
  }));
}

/** @param name if absent, "backbone" of that, and of others the next free "plan N" */
export function pin({ exits, chain, cut, cutMember }: PartitionedPlan, name?: string): void {
  useDesign.setState(({ pinned }) =>
    pinned.length >= maxPinnedPlans
      ? {}
      : {
          pinned: [
            ...pinned,
            { name: name ?? freeName(pinned, { exits, chain }), exits: [...exits], chain, cut, cutMember },
          ],
        },
  );
}

export function unpin(index: number): void {
  useDesign.setState(({ pinned }) => ({ pinned: pinned.filter((_, other) => other !== index) }));
}

export function renamePinned(index: number, name: string): void {
  useDesign.setState(({ pinned }) => ({
    pinned: pinned.map((plan, other) => (other === index ? { ...plan, name } : plan)),
  }));
}

/** @param note none if empty */
export function notePinned(index: number, note: string): void {
  useDesign.setState(({ pinned }) => ({
    pinned: pinned.map((plan, other) => (other === index ? { ...plan, note: note || undefined } : plan)),
  }));
}

/**
 * @param note none if empty
 * @param kept numbers of all runs that the project has; notes on others go
 */
export function noteRun(number: number, note: string, kept: readonly number[]): void {
  useDesign.setState(({ runNotes }) => {
    const others = Object.entries(runNotes ?? {}).filter(
      ([run]) => Number(run) !== number && kept.includes(Number(run)),
    );
    return { runNotes: Object.fromEntries(note === "" ? others : [...others, [String(number), note]]) };
  });
}

export function setUseCase(change: Partial<UseCase>): void {
  useDesign.setState(({ useCase }) => ({ useCase: { ...useCase, ...change } }));
}

export function setSearch(change: SearchChoices): void {
  useDesign.setState(({ search }) => ({ search: { ...search, ...change } }));
}

export function setTarget(target: string): void {
  useDesign.setState({ target });
}

/** @param name its own description if empty */
export function nameTarget(profile: string, name: string): void {
  useDesign.setState(({ targetNames }) => {
    const { [profile]: _before, ...others } = targetNames ?? {};
    return { targetNames: name === "" ? others : { ...others, [profile]: name } };
  });
}

/** @param offload one target alone if absent */
export function setOffload(offload: DesignOffload | undefined): void {
  useDesign.setState({ offload });
}

export { designedPlan as livePlanOf };

function freeName(pinned: Design["pinned"], plan: Pick<PartitionedPlan, "exits" | "chain">): string {
  if (isBackbone(plan) && !pinned.some(({ name }) => name === "backbone")) return "backbone";
  for (let number = 1; ; number++)
    if (!pinned.some(({ name }) => name === `plan ${number}`)) return `plan ${number}`;
}

/**
 * Another profile takes the place of one, or none if it is gone: in the design and in all steps to undo and redo. Without
 * its profile a target gives way to the first one, a server to none.
 */
export function replaceProfile(id: string, by: string | null): void {
  const replaced = ({ target, offload, targetNames, ...rest }: Design): Design => ({
    ...rest,
    targetNames: targetNames && renamed(targetNames, id, by),
    target: target === id ? by : target,
    offload: offload?.server !== id ? offload : by === null ? undefined : { ...offload, server: by },
  });
  history().pause();
  useDesign.setState(replaced(useDesign.getState()));
  history().resume();
  const { pastStates, futureStates } = history();
  useDesign.temporal.setState({
    pastStates: pastStates.map((step) => replaced(step as Design)),
    futureStates: futureStates.map((step) => replaced(step as Design)),
  });
}

/** A target that is measured again keeps its name. */
function renamed(
  names: Readonly<Record<string, string>>,
  id: string,
  by: string | null,
): Record<string, string> {
  const { [id]: name, ...others } = names;
  return name === undefined || by === null ? others : { ...others, [by]: name };
}

/** Puts another design in place and forgets the steps to the old one. */
export function replaceDesign(design: Design): void {
  history().pause();
  useDesign.setState(whole(design));
  history().resume();
  history().clear();
}

/** How many steps there are to undo and redo. */
export function history() {
  return useDesign.temporal.getState();
}

export function undo(): void {
  history().undo();
}

export function redo(): void {
  history().redo();
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
  gestureStart = useDesign.getState();
  history().pause();
}

/** Whether a gesture is in progress: expensive work waits for its end. */
export function inGesture(): boolean {
  return gestureStart !== undefined;
}

export function endGesture(): void {
  if (!gestureStart) return;
  const end = useDesign.getState();
  // Replays the whole gesture as one change.
  useDesign.setState(gestureStart);
  gestureStart = undefined;
  history().resume();
  useDesign.setState(end);
}
