import { compareWith } from "../../project/compare-with.ts";
import { readOtherFront } from "../../project/read-other-front.ts";
import type { Handlers } from "../handler.ts";
import { fileName, type Workspace } from "../workspace.ts";

/** What the open project is compared with; reading it changes nothing. */
export function compareHandlers(workspace: Workspace): Pick<Handlers, "compare.front" | "compare.model"> {
  return {
    "compare.front": ({ path }, call) => readOtherFront(path, fileName(path), call.job("import")),
    "compare.model": ({ path }, call) =>
      compareWith(workspace.project.backbone, path, call.job("import"), workspace.cache),
  };
}
