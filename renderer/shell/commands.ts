import { paretoCommands } from "../chart/view/commands.ts";
import { graphCommands } from "../graph/view/commands.ts";
import { pipelineCommands } from "../stages/commands.ts";
import { history } from "../state/design-store.ts";
import { closeDocument, openChosen, openSample, save, saveAs } from "../state/documents.ts";
import { useProject } from "../state/project-store.ts";
import { changeSettings } from "../state/settings-store.ts";
import { useView } from "../state/view-store.ts";
import type { Command } from "../ui/command.ts";
import { paneCommands } from "./panes.ts";

const hasProject = () => useProject.getState().project !== null;

/** Every command of the window, in the order of the palette. */
export const commands: readonly Command[] = [
  {
    id: "file.openModel",
    title: "Open model…",
    group: "File",
    keys: "Mod+N",
    run: () => void openChosen("model"),
  },
  { id: "file.open", title: "Open…", group: "File", keys: "Mod+O", run: () => void openChosen("any") },
  { id: "file.sample", title: "Open the sample", group: "File", run: () => void openSample() },
  {
    id: "file.save",
    title: "Save",
    group: "File",
    keys: "Mod+S",
    enabled: hasProject,
    run: () => void save(),
  },
  {
    id: "file.saveAs",
    title: "Save as…",
    group: "File",
    keys: "Mod+Shift+S",
    enabled: hasProject,
    run: () => void saveAs(),
  },
  {
    id: "file.close",
    title: "Close project",
    group: "File",
    enabled: hasProject,
    run: () => void closeDocument(),
  },
  {
    id: "edit.undo",
    title: "Undo",
    group: "Edit",
    keys: "Mod+Z",
    enabled: () => history().pastStates.length > 0,
    run: () => history().undo(),
  },
  {
    id: "edit.redo",
    title: "Redo",
    group: "Edit",
    keys: "Mod+Shift+Z",
    enabled: () => history().futureStates.length > 0,
    run: () => history().redo(),
  },
  {
    id: "edit.deselect",
    title: "Clear the selection",
    group: "View",
    keys: "Escape",
    enabled: () => useView.getState().selection !== null || useView.getState().panel !== null,
    run: () => useView.setState(({ selection }) => (selection ? { selection: null } : { panel: null })),
  },
  ...graphCommands,
  ...paretoCommands,
  ...pipelineCommands,
  {
    id: "view.palette",
    title: "Command palette",
    group: "View",
    keys: "Mod+K",
    run: () => useView.setState(({ paletteOpen }) => ({ paletteOpen: !paletteOpen })),
  },
  ...paneCommands,
  {
    id: "view.theme.system",
    title: "Theme: as the system",
    group: "View",
    run: () => changeSettings({ theme: "system" }),
  },
  {
    id: "view.theme.light",
    title: "Theme: light",
    group: "View",
    run: () => changeSettings({ theme: "light" }),
  },
  {
    id: "view.theme.dark",
    title: "Theme: dark",
    group: "View",
    run: () => changeSettings({ theme: "dark" }),
  },
  {
    id: "view.settings",
    title: "Settings",
    group: "View",
    keys: "Mod+,",
    run: () => useView.setState({ dialog: "settings" }),
  },
  {
    id: "help.shortcuts",
    title: "Keyboard shortcuts",
    group: "Help",
    keys: "?",
    run: () => useView.setState({ dialog: "shortcuts" }),
  },
  {
    id: "help.about",
    title: "About Offramp",
    group: "Help",
    run: () => useView.setState({ dialog: "about" }),
  },
];

export function runCommand(id: string): void {
  const command = commands.find((candidate) => candidate.id === id);
  if (command && (command.enabled?.() ?? true)) command.run();
}
