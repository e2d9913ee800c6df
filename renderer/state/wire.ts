import type { EngineState } from "../../shared/ipc/events.ts";
import type { Settings } from "../../shared/ipc/settings.ts";
import { showRecentFiles } from "./app-info.ts";
import { call, on } from "./call.ts";
import { showNoPast, useChart } from "./chart-store.ts";
import { useDesign } from "./design-store.ts";
import { mayReplace, openPath, tellOpenAlready } from "./documents.ts";
import { learnOffers, showEngine, useEngine } from "./engine-store.ts";
import { closeField } from "./field-store.ts";
import { forgetFleet } from "./fleet-store.ts";
import { useJobs } from "./job-store.ts";
import { updateLive, useLive } from "./live-store.ts";
import { dismissOfDocument, dismissOver, type NoticeLife, notify, notifyError } from "./notice-store.ts";
import { showNoOtherFronts } from "./other-fronts.ts";
import { showOtherWindows } from "./other-windows.ts";
import { Paced } from "./paced.ts";
import { updatePlans } from "./plan-store.ts";
import { isEdited, onDocument, showReopened, useProject } from "./project-store.ts";
import { endSearch, showFoundIn, showSearchesOf, takeProgress, useSearchRun } from "./search-run-store.ts";
import { showSettings, useSettings } from "./settings-store.ts";
import { resetDataForm } from "./stages/data-form.ts";
import { watchData } from "./stages/data-presence.ts";
import { resetExportForm } from "./stages/export-form.ts";
import { resetHeadsForm } from "./stages/heads-form.ts";
import { setNextImages } from "./stages/members.ts";
import { forgetEndOfRun } from "./stages/run-all.ts";
import { resetRuns } from "./stages/training-runs.ts";
import { forgetTuning, takeTuningProgress } from "./stages/tuning.ts";
import { resetTuningForm } from "./stages/tuning-form.ts";
import { dropMissQuestion } from "./take-recommended.ts";
import { endTour } from "./tour-store.ts";

/** What follows what: every subscription of a store to another, and of stores to the main process. Called once at start. */
export function wireStores(): void {
  onDocument((project) => {
    dismissOfDocument();
    resetDataForm(project);
    resetHeadsForm();
    resetRuns();
    resetExportForm();
    forgetEndOfRun();
    dropMissQuestion();
    showSearchesOf(project);
    showNoPast();
    showNoOtherFronts();
    closeField();
    setNextImages(null);
    resetTuningForm();
    forgetTuning();
    endTour();
  });
  const progress = new Paced(takeProgress);
  useJobs.subscribe(({ search, tune }, before) => {
    if (!search) progress.drop();
    else if (search.search && search.search !== before.search?.search)
      progress.give(search.search.algorithm, search.search);
    if (tune && tune !== before.tune) takeTuningProgress(tune);
  });
  useProject.subscribe(({ project }) => showFoundIn(project));
  // Figures before the plans that have them.
  for (const store of [useProject, useDesign]) store.subscribe(updateLive);
  for (const store of [useProject, useSearchRun, useLive, useChart]) store.subscribe(updatePlans);
  for (const store of [useProject, useDesign]) store.subscribe(scheduleJournal);
  for (const store of [useProject, useDesign, useJobs, useEngine]) store.subscribe(dismissOver);
  followTheme();
  followMain();
  watchData();
}

function followMain(): void {
  on("open", ({ path }) => void openPath(path));
  on("openAlready", ({ path }) => tellOpenAlready(path));
  on("settings", followSettings);
  on("recent", ({ files }) => showRecentFiles(files));
  on("others", ({ working }) => showOtherWindows(working));
  on("close", async () => {
    const agreed = await mayReplace().catch((error) => {
      notifyError(error);
      return false;
    });
    await call("window.close", { agreed });
  });
  on("engine", (state) => {
    showEngine(state);
    tellOfEngine(state);
    if (state.state === "ready") void learnOffers().catch(notifyError);
  });
  on("reopened", ({ project }) => {
    // A new engine counts revisions afresh, so none of the old one is waited for.
    endSearch();
    void showReopened(project).catch(notifyError);
    notify(
      `The engine works again; your project is as you left it.${beforeThat()}`,
      "good",
      undefined,
      ofEngine,
    );
    // That it is ready may be heard after this, and would say less.
    endReason = "";
  });
}

function followSettings(settings: Settings): void {
  const { fleet } = useSettings.getState();
  showSettings(settings);
  if (fleet !== useSettings.getState().fleet) forgetFleet();
}

/** Whatever happens to the engine is one notice, which changes. */
const ofEngine: NoticeLife = { about: "engine", ofApp: true };

/** Why the engine ended last, as the supervisor says it; empty if it never has. */
let endReason = "";

function tellOfEngine({ state, reason }: EngineState): void {
  if (reason) {
    endReason = reason;
    const isOver = () => useEngine.getState().state === "ready";
    const life = state === "stopped" ? { ...ofEngine, isOver } : ofEngine;
    notify(engineNotice(state, reason), "bad", undefined, life);
  } else if (state === "ready" && endReason)
    notify(`The engine works again.${beforeThat()}`, "good", undefined, ofEngine);
}

function beforeThat(): string {
  return endReason && ` Before that, ${endReason}.`;
}

/** @param reason as the supervisor says it: `it ran out of memory` */
function engineNotice(state: EngineState["state"], reason: string): string {
  if (state === "ready") return `The engine works again, but ${reason}.`;
  return state === "stopped"
    ? `The engine has stopped: ${reason}.`
    : `The engine is started again: ${reason}.`;
}

/** How long after a change the journal is written. */
const journalDelayMs = 400;

let journalTimer: ReturnType<typeof setTimeout> | undefined;

function scheduleJournal(): void {
  clearTimeout(journalTimer);
  journalTimer = setTimeout(() => {
    const { project } = useProject.getState();
    const edited = isEdited();
    const title = project?.name ?? "";
    void call("window.document", { title, path: project?.projectPath ?? null, edited });
    if (project) void call("journal.write", { design: useDesign.getState(), edited });
  }, journalDelayMs);
}

/** Keeps the root's theme as the settings say, or as the system does. */
function followTheme(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { theme } = useSettings.getState();
    const isDark = theme === "dark" || (theme === "system" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };
  dark.addEventListener("change", apply);
  useSettings.subscribe(apply);
  apply();
}
