import { useEngine } from "../engine-store.ts";
import { showDataAvailable, useProject } from "../project-store.ts";
import { dataExists } from "./data-exists.ts";
import { showGone, useDataForm } from "./data-form.ts";

const lookEveryMs = 3000;

/** Looks now and again, and when the window comes to the front, whether the data set is still where it was. */
export function watchData(): void {
  setInterval(() => void look(), lookEveryMs);
  window.addEventListener("focus", () => void look());
}

let isLooking = false;

async function look(): Promise<void> {
  if (isLooking || document.hidden || useEngine.getState().state !== "ready") return;
  isLooking = true;
  try {
    const chosen = useDataForm.getState().path;
    const own = useProject.getState().project?.data?.path ?? null;
    if (chosen !== null) showGone(chosen, !(await dataExists(chosen)));
    if (own !== null) showDataAvailable(own, await dataExists(own));
  } catch {
    // The next look tells.
  } finally {
    isLooking = false;
  }
}
