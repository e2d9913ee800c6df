import type { MenuItemConstructorOptions } from "electron";
import { plainName } from "../../../shared/base/plain-name.ts";
import {
  commandIds,
  commandOf,
  isOfWindow,
  type MainCommandId,
  type MenuSection,
  type WindowCommandId,
} from "../../../shared/ipc/commands.ts";
import type { Settings } from "../../../shared/ipc/settings.ts";
import type { RecentFile } from "../files/recent-files.ts";

export interface MenuParts {
  readonly platform: string;
  readonly settings: Settings;
  readonly recent: readonly RecentFile[];
  readonly devTools: boolean;
  /** Has the window run one of its commands. */
  readonly tellWindow: (id: WindowCommandId) => void;
  readonly handlers: Readonly<Record<MainCommandId, () => void>>;
  readonly open: (path: string) => void;
}

type Item = MenuItemConstructorOptions;

const separator: Item = { type: "separator" };

/** Where the sections are, and between them what the system or the files at hand bring. */
export function menuTemplate(parts: MenuParts): Item[] {
  const isMac = parts.platform === "darwin";
  const section = (name: MenuSection) => sectionItems(parts, name);
  return [
    ...(isMac ? [applicationMenu(section("about"))] : []),
    {
      label: "&File",
      submenu: [
        ...section("file.open"),
        { id: "file.recent", label: "Open &recent", submenu: recentMenu(parts, section("recent")) },
        ...section("file.sample"),
        separator,
        ...section("file.add"),
        separator,
        ...section("file.save"),
        separator,
        ...section("file.export"),
        separator,
        ...section("file.close"),
        ...(isMac ? [] : [{ role: "quit", accelerator: "CmdOrCtrl+Q" } as const]),
      ],
    },
    {
      label: "&Edit",
      submenu: [
        ...section("edit.history"),
        separator,
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        { role: "selectAll" },
        separator,
        ...section("edit.find"),
      ],
    },
    {
      label: "&View",
      submenu: [
        ...section("view.palette"),
        separator,
        ...section("view.panes").map((item): Item => ({ ...item, type: "checkbox" })),
        separator,
        {
          label: "&Theme",
          submenu: section("view.theme").map((item): Item => ({ ...item, type: "radio" })),
        },
        separator,
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
        ...(parts.devTools ? [separator, { role: "toggleDevTools" } as const] : []),
      ],
    },
    { label: "&Search", submenu: section("search") },
    ...(isMac ? [{ role: "windowMenu" } as const] : []),
    {
      role: "help",
      label: "&Help",
      submenu: [...section("help"), ...(isMac ? [] : [separator, ...section("about")])],
    },
  ];
}

/** The commands of one section, in the table's order. */
function sectionItems({ settings, tellWindow, handlers }: MenuParts, section: MenuSection): Item[] {
  return commandIds.flatMap((id): Item[] => {
    const { title, keys, menu } = commandOf(id);
    if (menu?.section !== section) return [];
    return [
      {
        id,
        label: menu.title ?? title,
        accelerator: keys?.find((key) => key.startsWith("Mod+"))?.replace("Mod", "CmdOrCtrl"),
        // The page listens for these keys itself, and knows whether a text field or a dialog has them; they are only shown.
        registerAccelerator: false,
        checked: menu.isOn?.(settings),
        click: () => (isOfWindow(id) ? tellWindow(id) : handlers[id]()),
      },
    ];
  });
}

function applicationMenu(about: Item[]): Item {
  return {
    label: "Offramp",
    submenu: [
      ...about,
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

/** More would fill the screen. */
const longestPath = 160;

function recentMenu({ recent, open }: MenuParts, commands: Item[]): Item[] {
  const files = recent.map(
    ({ path, exists }): Item => ({
      // An ampersand would mark a shortcut.
      label: plainName(path, longestPath).replaceAll("&", "&&"),
      enabled: exists,
      click: () => open(path),
    }),
  );
  return files.length > 0 ? [...files, separator, ...commands] : [{ label: "None yet", enabled: false }];
}
