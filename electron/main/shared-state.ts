import type { ChosenPrograms } from "./files/chosen-programs.ts";
import type { Grants } from "./files/grants.ts";
import type { RecentFiles } from "./files/recent-files.ts";
import type { RotatingLog } from "./rotating-log.ts";
import type { SettingsStore } from "./settings-store.ts";

/** What all windows have in common. */
export interface SharedState {
  /** The built app. */
  readonly dist: string;
  /** Folder of the app's own files. */
  readonly userData: string;
  readonly settings: SettingsStore;
  readonly recent: RecentFiles;
  readonly programs: ChosenPrograms;
  /** What every window may name: recent files, chosen programs, what the settings name. */
  readonly grants: Grants;
  readonly log: RotatingLog;
  readonly engineLog: RotatingLog;
}
