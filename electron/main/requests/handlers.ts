import { app, type BrowserWindow, clipboard, shell } from "electron";
import { AppError } from "../../../shared/base/errors.ts";
import type { Opened } from "../../../shared/ipc/channels.ts";
import type { SettingsChange } from "../../../shared/ipc/settings.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import type { EngineSupervisor } from "../engine/engine-supervisor.ts";
import { askUnsaved, chooseFile, chooseModelFile, chooseOpen, chooseProjectFile } from "../files/dialogs.ts";
import type { Grants } from "../files/grants.ts";
import type { Journal } from "../journal/journal.ts";
import type { SharedState } from "../shared-state.ts";
import type { Closing } from "../window/closing.ts";
import { isAllowedLink } from "../window/external-links.ts";
import type { Handlers } from "./router.ts";

export interface HandlerParts {
  readonly window: () => BrowserWindow;
  readonly grants: Grants;
  readonly shared: SharedState;
  readonly clearRecent: () => void;
  readonly changeSettings: (change: SettingsChange) => void;
  readonly openWindow: (path: string | null) => void;
  /** @returns whether another window works on this file, and was shown */
  readonly showHolder: (path: string) => boolean;
  readonly journal: Journal;
  readonly recover: () => Promise<Opened>;
  readonly engine: EngineSupervisor;
  readonly closing: Closing;
  readonly launchPath: () => string | null;
  readonly documentChanged: (document: DocumentState) => void;
}

export interface DocumentState {
  readonly title: string;
  readonly path: string | null;
  readonly edited: boolean;
}

/** Answers of the main process itself. */
export function mainHandlers(parts: HandlerParts): Handlers {
  const { window, grants, shared, journal, engine, closing } = parts;

  function granted(path: string | null): { path: string | null } {
    if (path !== null) grants.add(path);
    return { path };
  }

  function runnable(path: string | null): { path: string | null } {
    if (path !== null) {
      shared.grants.addProgram(path);
      shared.programs.add(path);
    }
    return { path };
  }

  return {
    "app.info": () => ({
      version: app.getVersion(),
      versions: componentVersions(),
      platform: process.platform,
      settings: shared.settings.value,
      recent: shared.recent.list(),
      launchPath: parts.launchPath(),
      recovery: journal.recovery(),
    }),
    "settings.set": (change) => {
      parts.changeSettings(change);
      return {};
    },
    "recent.clear": () => {
      parts.clearRecent();
      return {};
    },
    "window.document": (document) => {
      parts.documentChanged(document);
      return {};
    },
    "window.close": ({ agreed }) => {
      if (agreed) closing.agreed();
      else closing.refused();
      return {};
    },
    "window.new": ({ path }) => {
      parts.openWindow(path);
      return {};
    },
    "window.showHolder": ({ path }) => ({ isShown: parts.showHolder(path) }),
    "engine.restart": () => {
      engine.restart();
      return {};
    },
    "dialog.open": async ({ purpose }) => {
      const path = await chooseOpen(window(), purpose);
      return purpose === "python" ? runnable(path) : granted(path);
    },
    "dialog.saveProject": async ({ name }) => granted(await chooseProjectFile(window(), name)),
    "dialog.saveModel": async ({ name }) => granted(await chooseModelFile(window(), name)),
    "dialog.unsaved": async ({ name }) => {
      closing.answered();
      return { choice: await askUnsaved(window(), name) };
    },
    "file.save": async ({ name, content }) => {
      const path = await chooseFile(window(), name);
      if (path !== null) await writeFileAtomically(path, content);
      return granted(path);
    },
    "clipboard.write": ({ text }) => {
      clipboard.writeText(text);
      return {};
    },
    "shell.show": ({ path }) => {
      shell.showItemInFolder(path);
      return {};
    },
    "shell.openExternal": async ({ url }) => {
      if (!isAllowedLink(url))
        throw new AppError("usage", `${url} is no address that Offramp opens`, { url });
      await shell.openExternal(url);
      return {};
    },
    "journal.write": ({ design, edited }) => {
      journal.writeDesign(design, edited);
      return {};
    },
    "journal.recover": () => parts.recover(),
    "journal.discard": () => {
      journal.discard();
      return {};
    },
    "journal.clear": () => {
      journal.clear();
      return {};
    },
  };
}

function componentVersions(): Record<string, string> {
  const { electron, chrome, node, v8 } = process.versions;
  return { electron, chrome, node, v8 };
}
