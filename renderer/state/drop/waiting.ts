import { create } from "zustand";
import { call } from "../call.ts";
import { openFieldFrom } from "../field-store.ts";
import { notifyError } from "../notice-store.ts";
import { changeClasses, takeData } from "../stages/data-form.ts";
import { importProfileFrom } from "../stages/run-stages.ts";
import { openPanel } from "../view-store.ts";
import type { SortedDrop } from "./sort-dropped.ts";

/** What belongs to a model without being one. */
export type BesideModel = Pick<SortedDrop, "data" | "classes" | "profiles" | "counts">;

const nothing: BesideModel = { profiles: [] };

/** What was dropped for the model that is opened next. */
export const useWaiting = create<BesideModel>()(() => nothing);

/** Whether something waits. */
export function isAwaited({ data, classes, profiles, counts }: BesideModel): boolean {
  return data !== undefined || classes !== undefined || profiles.length > 0 || counts !== undefined;
}

export function forgetWaiting(): void {
  useWaiting.setState(nothing, true);
}

export function letWait({ data, classes, profiles, counts }: BesideModel): void {
  const before = useWaiting.getState();
  useWaiting.setState({
    data: data ?? before.data,
    classes: classes ?? before.classes,
    counts: counts ?? before.counts,
    profiles: [...new Set([...before.profiles, ...profiles])],
  });
}

/** Gives the open project what has waited for it, if anything has. */
export async function takeWaiting(): Promise<void> {
  const waiting = useWaiting.getState();
  if (!isAwaited(waiting)) return;
  forgetWaiting();
  await takeBeside(waiting);
}

/** Takes data set, list of classes, profiles and field counts into the open project. */
export async function takeBeside({ data, classes, profiles, counts }: BesideModel): Promise<void> {
  for (const path of profiles) await importProfileFrom(path);
  if (profiles.length > 0 && data === undefined && classes === undefined) openPanel("profile");
  if (counts !== undefined) await openFieldFrom(counts);
  if (data === undefined && classes === undefined) return;
  openPanel("data");
  if (data !== undefined) takeData(data);
  if (classes === undefined) return;
  try {
    changeClasses(await call("data.classes", { path: classes }));
  } catch (error) {
    notifyError(error);
  }
}
