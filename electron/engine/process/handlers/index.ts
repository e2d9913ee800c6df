import { defaultCacheFolder, StageCache } from "../../base/cache.ts";
import { FleetLink } from "../fleet-link.ts";
import type { Handlers } from "../handler.ts";
import { Workspace } from "../workspace.ts";
import { compareHandlers } from "./compare.ts";
import { dataHandlers } from "./data.ts";
import { describeHandlers } from "./describe.ts";
import { exportHandlers } from "./export.ts";
import { fieldHandlers } from "./field.ts";
import { fleetHandlers } from "./fleet.ts";
import { memberHandlers } from "./members.ts";
import { profileHandlers } from "./profile.ts";
import { projectHandlers } from "./project.ts";
import { referenceHandlers } from "./references.ts";
import { robustnessHandlers } from "./robustness.ts";
import { searchHandlers } from "./search.ts";
import { trainHandlers } from "./train.ts";
import { tuneHandlers } from "./tune.ts";
import { weightHandlers } from "./weights.ts";

/** One handler a channel; they share the workspace. */
export function createHandlers(cache = new StageCache(defaultCacheFolder())): Handlers {
  const workspace = new Workspace(cache);
  const fleet = new FleetLink();
  return {
    ...describeHandlers(),
    ...projectHandlers(workspace),
    ...dataHandlers(workspace),
    ...trainHandlers(workspace),
    ...tuneHandlers(workspace),
    ...profileHandlers(workspace),
    ...fleetHandlers(workspace, fleet),
    ...searchHandlers(workspace),
    ...memberHandlers(workspace),
    ...referenceHandlers(workspace),
    ...exportHandlers(workspace, fleet),
    ...compareHandlers(workspace),
    ...robustnessHandlers(workspace),
    ...fieldHandlers(workspace),
    ...weightHandlers(workspace),
  };
}
