import { readOtherFront } from "../../project/read-other-front.ts";
import type { Handlers } from "../handler.ts";
import { fileName } from "../workspace.ts";

/** What the open project is compared with; reading it changes nothing. */
export function compareHandlers(): Pick<Handlers, "compare.front"> {
  return {
    "compare.front": ({ path }, call) => readOtherFront(path, fileName(path), call.job("import")),
  };
}
