import { chartCommands } from "../chart/view/commands.ts";
import { canExport } from "../export/export-plan.ts";
import { graphCommands } from "../graph/view/commands.ts";
import { exitCommands, fieldCommands } from "../inspector/commands.ts";
import { planCommands } from "../plans/commands.ts";
import { stageCommands } from "../stages/commands.ts";
import { searchCommands } from "../stages/search/commands.ts";
import type { CommandHandlers } from "../state/commands.ts";
import { history, redo, undo } from "../state/design-store.ts";
import {
  closeDocument,
  openChosen,
  openInNewWindow,
  openNewWindow,
  openSample,
  save,
  saveAs,
} from "../state/documents.ts";
import { notifyError } from "../state/notice-store.ts";
import { hasProject } from "../state/project-store.ts";
import { changeSettings } from "../state/settings-store.ts";
import { addNetwork, canAddNetwork } from "../state/stages/members.ts";
import { deselect, openDialog, showPalette, useView } from "../state/view-store.ts";
import { paneCommands } from "./panes.ts";
import { startTour } from "./tour/start-tour.ts";

/** What each of the window's commands does. */
export const commandHandlers: CommandHandlers = {
  "file.openModel": { run: () => void openChosen("model").catch(notifyError) },
  "file.open": { run: () => void openChosen("any").catch(notifyError) },
  "file.openInNewWindow": { run: () => void openInNewWindow().catch(notifyError) },
  "file.newWindow": { run: () => void openNewWindow().catch(notifyError) },
  "file.sample": { run: () => void openSample().catch(notifyError) },
  "file.addNetwork": { enabled: canAddNetwork, run: () => void addNetwork() },
  "file.save": { enabled: hasProject, run: () => void save().catch(notifyError) },
  "file.saveAs": { enabled: hasProject, run: () => void saveAs().catch(notifyError) },
  "file.export": { enabled: canExport, run: () => openDialog("export") },
  "file.close": { enabled: hasProject, run: () => void closeDocument().catch(notifyError) },
  "edit.undo": { enabled: () => history().pastStates.length > 0, run: undo },
  "edit.redo": { enabled: () => history().futureStates.length > 0, run: redo },
  ...graphCommands,
  ...exitCommands,
  ...fieldCommands,
  ...planCommands,
  ...chartCommands,
  ...searchCommands,
  ...stageCommands,
  ...paneCommands,
  "view.palette": { run: () => showPalette(!useView.getState().paletteOpen) },
  "view.deselect": {
    enabled: () => useView.getState().selection !== null || useView.getState().panel !== null,
    run: deselect,
  },
  "view.theme.system": { run: () => changeSettings({ theme: "system" }) },
  "view.theme.light": { run: () => changeSettings({ theme: "light" }) },
  "view.theme.dark": { run: () => changeSettings({ theme: "dark" }) },
  "view.settings": { run: () => openDialog("settings") },
  "help.shortcuts": { run: () => openDialog("shortcuts") },
  "help.tour": { run: () => void startTour().catch(notifyError) },
  "help.glossary": { run: () => openDialog("glossary") },
  "help.about": { run: () => openDialog("about") },
};
