import { AppError } from "../../../../shared/errors.ts";
import { defaultCacheFolder, StageCache } from "../../cache.ts";
import type { EngineChannel, Handlers } from "../handler.ts";
import { Workspace } from "../workspace.ts";
import { describeHandlers } from "./describe.ts";
import { projectHandlers } from "./project.ts";

/** One handler a channel; they share the workspace. */
export function createHandlers(cache = new StageCache(defaultCacheFolder())): Handlers {
  const workspace = new Workspace(cache);
  return { ...todo, ...describeHandlers(), ...projectHandlers(workspace) };
}

const todo = Object.fromEntries(
  (
    [
      "data.inspect",
      "project.images",
      "project.train",
      "project.profile",
      "project.importProfile",
      "project.removeProfile",
      "project.search",
      "project.addReference",
      "project.removeReference",
      "project.export",
    ] satisfies EngineChannel[]
  ).map((name) => [
    name,
    async () => {
      throw new AppError("usage", `${name} isn't there yet`);
    },
  ]),
) as unknown as Handlers;
