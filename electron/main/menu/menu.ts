import type { MenuItemConstructorOptions } from "electron";
import type { PaneName, Settings } from "../../../shared/ipc/settings.ts";
import type { RecentFile } from "../files/recent-files.ts";

export interface MenuParts {
  readonly platform: string;
  readonly theme: Settings["theme"];
  readonly hiddenPanes: Settings["hiddenPanes"];
  readonly recent: readonly RecentFile[];
  readonly devTools: boolean;
  readonly command: (id: CommandId) => void;
  readonly open: (path: string) => void;
  readonly clearRecent: () => void;
  readonly showDocumentation: () => void;
  readonly showPaper: () => void;
  readonly reportProblem: () => void;
}

/** What the menu tells the window to do, by the event `command`. */
export type CommandId =
  | "file.openModel"
  | "file.open"
  | "file.sample"
  | "file.save"
  | "file.saveAs"
  | "file.export"
  | "file.close"
  | "edit.undo"
  | "edit.redo"
  | "edit.find"
  | `view.theme.${Settings["theme"]}`
  | `view.pane.${PaneName}`
  | "view.palette"
  | "search.run"
  | "help.shortcuts"
  | "help.about";

type Item = MenuItemConstructorOptions;

const separator: Item = { type: "separator" };

export function menuTemplate(parts: MenuParts): Item[] {
  const isMac = parts.platform === "darwin";
  return [
    ...(isMac ? [applicationMenu(parts)] : []),
    fileMenu(parts, isMac),
    editMenu(parts),
    viewMenu(parts),
    { label: "&Search", submenu: [heard(parts, "Search for plans", "search.run", "CmdOrCtrl+Enter")] },
    ...(isMac ? [{ role: "windowMenu" } as const] : []),
    helpMenu(parts, isMac),
  ];
}

function command(parts: MenuParts, label: string, id: CommandId, accelerator?: string): Item {
  return { id, label, accelerator, click: () => parts.command(id) };
}

/** The page listens for these keys itself, and knows whether a text field or a dialog has them; they are only shown. */
function heard(parts: MenuParts, label: string, id: CommandId, accelerator: string): Item {
  return { ...command(parts, label, id, accelerator), registerAccelerator: false };
}

function applicationMenu(parts: MenuParts): Item {
  return {
    label: "Offramp",
    submenu: [
      command(parts, "About Offramp", "help.about"),
      separator,
      { role: "services" },
      separator,
      { role: "hide" },
      { role: "hideOthers" },
      { role: "unhide" },
      separator,
      { role: "quit" },
    ],
  };
}

function fileMenu(parts: MenuParts, isMac: boolean): Item {
  return {
    label: "&File",
    submenu: [
      heard(parts, "&New from model…", "file.openModel", "CmdOrCtrl+N"),
      heard(parts, "&Open…", "file.open", "CmdOrCtrl+O"),
      { id: "file.recent", label: "Open &recent", submenu: recentMenu(parts) },
      command(parts, "Open the sample", "file.sample"),
      separator,
      heard(parts, "&Save", "file.save", "CmdOrCtrl+S"),
      heard(parts, "Save &as…", "file.saveAs", "CmdOrCtrl+Shift+S"),
      separator,
      heard(parts, "&Export…", "file.export", "CmdOrCtrl+E"),
      separator,
      command(parts, "&Close project", "file.close", "CmdOrCtrl+W"),
      ...(isMac ? [] : [{ role: "quit", accelerator: "CmdOrCtrl+Q" } as const]),
    ],
  };
}

function recentMenu({ recent, open, clearRecent }: MenuParts): Item[] {
  const files = recent.map(
    ({ path, exists }): Item => ({
      // An ampersand would mark a shortcut.
      label: path.replaceAll("&", "&&"),
      enabled: exists,
      click: () => open(path),
    }),
  );
  return files.length > 0
    ? [...files, separator, { label: "Clear", click: clearRecent }]
    : [{ label: "None yet", enabled: false }];
}

function editMenu(parts: MenuParts): Item {
  return {
    label: "&Edit",
    submenu: [
      heard(parts, "&Undo", "edit.undo", "CmdOrCtrl+Z"),
      heard(parts, "&Redo", "edit.redo", "CmdOrCtrl+Shift+Z"),
      separator,
      { role: "cut" },
      { role: "copy" },
      { role: "paste" },
      { role: "selectAll" },
      separator,
      command(parts, "&Find…", "edit.find", "CmdOrCtrl+F"),
    ],
  };
}

const panes: readonly { readonly name: PaneName; readonly label: string; readonly keys: string }[] = [
  { name: "stages", label: "&Stages", keys: "B" },
  { name: "graph", label: "&Graph", keys: "G" },
  { name: "chart", label: "&Chart", keys: "J" },
  { name: "plans", label: "&Plans", keys: "L" },
  { name: "inspector", label: "&Inspector", keys: "I" },
];

function viewMenu(parts: MenuParts): Item {
  const themes = { system: "As the system", light: "Light", dark: "Dark" } as const;
  return {
    label: "&View",
    submenu: [
      heard(parts, "&All commands…", "view.palette", "CmdOrCtrl+K"),
      separator,
      ...panes.map(
        ({ name, label, keys }): Item => ({
          ...heard(parts, label, `view.pane.${name}`, `CmdOrCtrl+${keys}`),
          type: "checkbox",
          checked: !parts.hiddenPanes.includes(name),
        }),
      ),
      separator,
      {
        label: "&Theme",
        submenu: (["system", "light", "dark"] as const).map((theme) => ({
          ...command(parts, themes[theme], `view.theme.${theme}`),
          type: "radio",
          checked: parts.theme === theme,
        })),
      },
      separator,
      { role: "resetZoom" },
      { role: "zoomIn" },
      { role: "zoomOut" },
      { role: "togglefullscreen" },
      ...(parts.devTools ? [separator, { role: "toggleDevTools" } as const] : []),
    ],
  };
}

function helpMenu(parts: MenuParts, isMac: boolean): Item {
  return {
    role: "help",
    label: "&Help",
    submenu: [
      command(parts, "&Keyboard shortcuts", "help.shortcuts", "CmdOrCtrl+/"),
      { label: "&Documentation", click: parts.showDocumentation },
      { label: "The &paper behind it", click: parts.showPaper },
      { label: "&Report a problem…", click: parts.reportProblem },
      ...(isMac ? [] : [separator, command(parts, "&About Offramp", "help.about")]),
    ],
  };
}
