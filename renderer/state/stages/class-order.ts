import type { ClassChoice } from "../../../shared/ipc/channels.ts";
import { type Answered, type ClassMapping, namesInOrder } from "../../../shared/model/class-mapping.ts";
import { runJob, useJobs } from "../job-store.ts";
import { changeClasses, choiceOf, requestOf, useDataForm } from "./data-form.ts";

/** Whether there are classes to put in order. */
export function canOrderClasses(): boolean {
  return useDataForm.getState().view !== null;
}

/** Has the data's classes numbered so. @param from where the order comes from, for people */
export function takeClassOrder(mapping: ClassMapping, from: ClassChoice["from"]): void {
  const { view } = useDataForm.getState();
  if (view) changeClasses({ names: namesInOrder(mapping, view), from });
}

/** Asks the backbone about every calibration image. @returns undefined if that failed or was stopped */
export async function askAllImages(): Promise<Answered | undefined> {
  const request = requestOf(choiceOf(useDataForm.getState()));
  return request && runJob("answers", "data.answers", request);
}

export function stopAsking(): void {
  useJobs.getState().answers?.stop();
}
