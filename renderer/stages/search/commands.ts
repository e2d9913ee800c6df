import type { HandlersOf } from "../../state/commands.ts";
import { useJobs } from "../../state/job-store.ts";
import { notifyError } from "../../state/notice-store.ts";
import { hasProject } from "../../state/project-store.ts";
import { canSearch, startSearch } from "../../state/stages/start-search.ts";
import { openPanel } from "../../state/view-store.ts";

const isSearching = () => useJobs.getState().search !== undefined;

export const searchCommands: HandlersOf<"search"> = {
  "search.run": { enabled: canSearch, run: () => void startSearch().catch(notifyError) },
  "search.stop": { enabled: isSearching, run: () => useJobs.getState().search?.stop() },
  "search.cancel": { enabled: isSearching, run: () => useJobs.getState().search?.cancel?.() },
  "search.show": { enabled: hasProject, run: () => openPanel("search") },
};
