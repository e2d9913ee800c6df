import type { PaneName, Settings } from "./settings.ts";

/** Heading in the palette and in the list of shortcuts. */
export type CommandGroup = "File" | "Edit" | "Graph" | "Plans" | "Stages" | "Search" | "View" | "Help";

/** Part of a menu, between two lines; `electron/main/menu/` says in which order the parts stand. */
export type MenuSection =
  | "file.open"
  | "file.sample"
  | "file.add"
  | "file.save"
  | "file.export"
  | "file.close"
  | "recent"
  | "edit.history"
  | "edit.find"
  | "view.palette"
  | "view.panes"
  | "view.theme"
  | "search"
  | "help"
  | "about";

/** Something that a person can do from the palette, a menu or the keyboard. */
export interface Command {
  /** Who does it; the window if absent. What the main process does is in the menu alone. */
  readonly by?: "main";
  /** Everywhere; `&` stands before the letter that chooses it in the menu. */
  readonly title: string;
  readonly group: CommandGroup;
  /** Keys such as `Mod+Shift+S` or `?`, the one that is shown first; Mod is Ctrl, on macOS Command. */
  readonly keys?: readonly [string, ...string[]];
  /** In a text field its keys are the field's own, as all keys without Mod are, but for F1 to F12. */
  readonly leftToText?: true;
  readonly menu?: {
    readonly section: MenuSection;
    /** Where the menu says a part of the title already. */
    readonly title?: string;
    /** Makes it an item that is on or off. */
    isOn?(settings: Settings): boolean;
  };
  /** Whether the palette lists it; absent if it does. */
  readonly palette?: false;
}

const showsPane = (name: PaneName) => (settings: Settings) => !settings.hiddenPanes.includes(name);
const hasTheme = (theme: Settings["theme"]) => (settings: Settings) => settings.theme === theme;

/**
 * Every command: menu, palette, shortcuts and the list of them are made from this, in this order. Who does it has a
 * handler of the same id; one too few or too many is a type error.
 */
export const commands = {
  "file.openModel": { title: "Open &model…", group: "File", keys: ["Mod+N"], menu: { section: "file.open" } },
  "file.open": { title: "&Open…", group: "File", keys: ["Mod+O"], menu: { section: "file.open" } },
  "file.openInNewWindow": {
    title: "Open &in new window…",
    group: "File",
    keys: ["Mod+Shift+O"],
    menu: { section: "file.open" },
  },
  "file.newWindow": {
    title: "New &window",
    group: "File",
    keys: ["Mod+Shift+N"],
    menu: { section: "file.open" },
  },
  "file.sample": { title: "Open the sample", group: "File", menu: { section: "file.sample" } },
  "file.addNetwork": { title: "Add &network…", group: "File", menu: { section: "file.add" } },
  "file.save": { title: "&Save", group: "File", keys: ["Mod+S"], menu: { section: "file.save" } },
  "file.saveAs": { title: "Save &as…", group: "File", keys: ["Mod+Shift+S"], menu: { section: "file.save" } },
  "file.export": { title: "&Export…", group: "File", keys: ["Mod+E"], menu: { section: "file.export" } },
  "file.close": { title: "&Close project", group: "File", keys: ["Mod+W"], menu: { section: "file.close" } },
  "recent.clear": { by: "main", title: "Clear", group: "File", menu: { section: "recent" } },

  "edit.undo": {
    title: "&Undo",
    group: "Edit",
    keys: ["Mod+Z"],
    leftToText: true,
    menu: { section: "edit.history" },
  },
  "edit.redo": {
    title: "&Redo",
    group: "Edit",
    keys: ["Mod+Shift+Z"],
    leftToText: true,
    menu: { section: "edit.history" },
  },

  "graph.find": {
    title: "&Find in the graph",
    group: "Graph",
    keys: ["Mod+F"],
    menu: { section: "edit.find" },
  },
  "graph.findNext": { title: "Find next in the graph", group: "Graph", keys: ["F3"] },
  "graph.focus": { title: "Go to the graph", group: "Graph", keys: ["G"] },
  "graph.nextExit": { title: "Next exit", group: "Graph", keys: ["X"] },
  "graph.previousExit": { title: "Previous exit", group: "Graph", keys: ["Shift+X"] },
  "graph.fit": { title: "Fit the graph", group: "Graph", keys: ["0"] },
  "graph.zoomToSelection": { title: "Zoom to the selection", group: "Graph", keys: ["Z"] },
  "graph.zoomIn": { title: "Zoom in", group: "Graph" },
  "graph.zoomOut": { title: "Zoom out", group: "Graph" },
  "graph.toggleBlock": { title: "Expand or collapse the selected block", group: "Graph", keys: ["E"] },
  "graph.expandAll": { title: "Expand all blocks", group: "Graph" },
  "graph.collapseAll": { title: "Collapse all blocks", group: "Graph" },
  "graph.addExit": { title: "Add exit at the selected cut point", group: "Graph" },
  "graph.removeExit": { title: "Remove exit", group: "Graph", keys: ["Delete"] },
  "graph.moveExitEarlier": { title: "Move exit earlier", group: "Graph", keys: ["Alt+ArrowLeft"] },
  "graph.moveExitLater": { title: "Move exit later", group: "Graph", keys: ["Alt+ArrowRight"] },
  "exit.threshold": { title: "Go to the exit's threshold", group: "Graph", keys: ["T"] },
  "graph.toggleNetwork": { title: "Switch the network on or off", group: "Graph", keys: ["N"] },
  "graph.moveNetworkEarlier": { title: "Move the network up", group: "Graph", keys: ["Alt+ArrowUp"] },
  "graph.moveNetworkLater": { title: "Move the network down", group: "Graph", keys: ["Alt+ArrowDown"] },
  "graph.compare": { title: "Compare the graph with another model or project…", group: "Graph" },
  "graph.minimap": { title: "Overview of the graph: show or hide", group: "Graph" },
  "graph.exportSvg": { title: "Save the graph as SVG…", group: "Graph" },
  "graph.exportPng": { title: "Save the graph as PNG…", group: "Graph" },

  "plans.pin": { title: "Pin the plan", group: "Plans", keys: ["P"] },
  "plans.compare": { title: "Compare plans", group: "Plans", keys: ["Shift+C"] },
  "plans.takeBest": { title: "Take the best plan", group: "Plans", keys: ["B"] },
  "plans.tryCorrupted": { title: "Try the live plan on corrupted images", group: "Plans" },
  "plans.clear": { title: "Remove every exit", group: "Plans" },
  "plans.copyJson": { title: "Copy the plan as JSON", group: "Plans", keys: ["Mod+Shift+C"] },
  "plans.exportCsv": { title: "Export plans as CSV…", group: "Plans" },
  "field.open": { title: "Open &field counts…", group: "Plans", menu: { section: "file.add" } },
  "field.take": { title: "Take the thresholds for the field", group: "Plans" },
  "field.close": { title: "Close the field counts", group: "Plans" },
  "chart.fit": { title: "Fit the chart to the front", group: "Plans", keys: ["Shift+F"] },
  "chart.fitAll": { title: "Fit the chart to all plans", group: "Plans" },
  "chart.log": { title: "Chart: linear or logarithmic", group: "Plans" },
  "chart.overlay": { title: "Lay another project's front over the chart…", group: "Plans" },
  "chart.exportSvg": { title: "Export chart as SVG…", group: "Plans" },
  "chart.exportPng": { title: "Export chart as PNG…", group: "Plans" },

  "search.run": {
    title: "Search for plans",
    group: "Search",
    keys: ["Mod+Enter"],
    menu: { section: "search" },
  },
  "search.stop": { title: "Stop the search", group: "Search" },
  "search.cancel": { title: "Cancel the search", group: "Search" },
  "search.show": { title: "Show the search", group: "Search" },

  "stages.model": { title: "Model panel", group: "Stages", keys: ["Mod+1"] },
  "stages.data": { title: "Data panel", group: "Stages", keys: ["Mod+2"] },
  "stages.heads": { title: "Heads panel", group: "Stages", keys: ["Mod+3"] },
  "stages.profile": { title: "Profile panel", group: "Stages", keys: ["Mod+4"] },
  "stages.search": { title: "Search panel", group: "Stages", keys: ["Mod+5"] },
  "stages.export": { title: "Export panel", group: "Stages", keys: ["Mod+6"] },
  "stages.classOrder": { title: "Class order…", group: "Stages" },
  "stages.tune": {
    title: "&Tune with PyTorch…",
    group: "Stages",
    keys: ["Mod+Shift+T"],
    menu: { section: "search" },
  },
  "stages.runs": { title: "Compare training runs", group: "Stages" },
  "stages.quantise": { title: "&Quantise the backbone…", group: "Stages", menu: { section: "search" } },
  "stages.runAll": { title: "Run all: train, profile, search", group: "Stages" },
  "stages.stopAll": { title: "Stop everything that runs", group: "Stages" },

  "view.palette": {
    title: "&Command palette",
    group: "View",
    keys: ["Mod+K"],
    menu: { section: "view.palette" },
    palette: false,
  },
  "view.deselect": { title: "Clear the selection", group: "View", keys: ["Escape"] },
  "view.pane.next": { title: "Go to the next pane", group: "View", keys: ["F6"] },
  "view.pane.previous": { title: "Go to the pane before", group: "View", keys: ["Shift+F6"] },
  "view.pane.stages": {
    title: "Show or hide: stages",
    group: "View",
    keys: ["Mod+B"],
    menu: { section: "view.panes", title: "&Stages", isOn: showsPane("stages") },
  },
  "view.pane.graph": {
    title: "Show or hide: graph",
    group: "View",
    keys: ["Mod+G"],
    menu: { section: "view.panes", title: "&Graph", isOn: showsPane("graph") },
  },
  "view.pane.chart": {
    title: "Show or hide: chart",
    group: "View",
    keys: ["Mod+J"],
    menu: { section: "view.panes", title: "&Chart", isOn: showsPane("chart") },
  },
  "view.pane.plans": {
    title: "Show or hide: plans",
    group: "View",
    keys: ["Mod+L"],
    menu: { section: "view.panes", title: "&Plans", isOn: showsPane("plans") },
  },
  "view.pane.inspector": {
    title: "Show or hide: inspector",
    group: "View",
    keys: ["Mod+I"],
    menu: { section: "view.panes", title: "&Inspector", isOn: showsPane("inspector") },
  },
  "view.theme.system": {
    title: "Theme: as the system",
    group: "View",
    menu: { section: "view.theme", title: "As the system", isOn: hasTheme("system") },
  },
  "view.theme.light": {
    title: "Theme: light",
    group: "View",
    menu: { section: "view.theme", title: "Light", isOn: hasTheme("light") },
  },
  "view.theme.dark": {
    title: "Theme: dark",
    group: "View",
    menu: { section: "view.theme", title: "Dark", isOn: hasTheme("dark") },
  },
  "view.settings": { title: "Settings", group: "View", keys: ["Mod+,"] },

  "help.shortcuts": {
    title: "&Keyboard shortcuts",
    group: "Help",
    keys: ["?", "Mod+/"],
    menu: { section: "help" },
  },
  "help.tour": { title: "&Tour", group: "Help", menu: { section: "help" } },
  "help.glossary": { title: "&Glossary", group: "Help", menu: { section: "help" } },
  "help.documentation": { by: "main", title: "&Documentation", group: "Help", menu: { section: "help" } },
  "help.paper": { by: "main", title: "The &paper behind it", group: "Help", menu: { section: "help" } },
  "help.report": { by: "main", title: "&Report a problem…", group: "Help", menu: { section: "help" } },
  "help.about": { title: "&About Offramp", group: "Help", menu: { section: "about" } },
} as const satisfies Readonly<Record<string, Command>>;

type Commands = typeof commands;
export type CommandId = keyof Commands;
export type MainCommandId = {
  [Id in CommandId]: Commands[Id] extends { readonly by: "main" } ? Id : never;
}[CommandId];
export type WindowCommandId = Exclude<CommandId, MainCommandId>;

/** The window's commands whose ids begin so: what one feature does. */
export type CommandsOf<Prefix extends string> = Extract<WindowCommandId, `${Prefix}.${string}`>;

/** A command by its id, without what is particular to its type. */
export function commandOf(id: CommandId): Command {
  return commands[id];
}

/** As it reads outside a menu. */
export function commandTitle(id: CommandId): string {
  return commands[id].title.replace("&", "");
}

export const commandIds = Object.keys(commands) as readonly CommandId[];

export const windowCommandIds = commandIds.filter(isOfWindow);

export function isOfWindow(id: CommandId): id is WindowCommandId {
  return commandOf(id).by === undefined;
}
