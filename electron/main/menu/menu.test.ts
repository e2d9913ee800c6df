import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, it } from "vitest";
import { commandIds, commandOf, windowCommandIds } from "../../../shared/ipc/commands.ts";
import { events } from "../../../shared/ipc/events.ts";
import { settingsSchema } from "../../../shared/ipc/settings.ts";
import { type MenuParts, menuTemplate } from "./menu.ts";

type Item = MenuItemConstructorOptions;

function make(changes: Partial<MenuParts> = {}) {
  const done: string[] = [];
  const template = menuTemplate({
    platform: "linux",
    settings: settingsSchema.parse({ theme: "dark", hiddenPanes: ["plans"] }),
    recent: [
      { path: "/a/R&D.onnx", kind: "model", exists: true },
      { path: "/b/gone.offramp", kind: "project", exists: false },
    ],
    devTools: false,
    tellWindow: (id) => done.push(events.command.parse({ id }).id),
    handlers: {
      "recent.clear": () => done.push("clear"),
      "help.documentation": () => done.push("documentation"),
      "help.paper": () => done.push("paper"),
      "help.report": () => done.push("report"),
    },
    open: (path) => done.push(path),
    ...changes,
  });
  return { items: template.flatMap(below), done };
}

function below(item: Item): Item[] {
  return [item, ...(Array.isArray(item.submenu) ? item.submenu.flatMap(below) : [])];
}

function click(item: Item | undefined): void {
  const clicked = item!.click as unknown as () => void;
  clicked();
}

function labelled(items: readonly Item[], label: string): Item | undefined {
  return items.find((item) => item.label === label);
}

it("leaves its keys to the page, which knows what has the focus", () => {
  const { items } = make();
  const withKeys = items.filter(({ accelerator, role }) => accelerator && !role);
  expect(withKeys.length).toBeGreaterThan(10);
  for (const { id, registerAccelerator } of withKeys) expect(registerAccelerator, id).toBe(false);
});

describe.each(["linux", "win32", "darwin"])("the menu on %s", (platform) => {
  it("has each command that says so once, and tells whoever does it", () => {
    const { items, done } = make({ platform });
    const inMenu = commandIds.filter((id) => commandOf(id).menu !== undefined);
    expect(inMenu.length).toBeGreaterThan(20);
    const commands = items.filter(({ id, submenu }) => id && !submenu);
    expect(commands.map(({ id }) => id).sort()).toEqual([...inMenu].sort());
    for (const item of commands) click(item);
    const toWindow = inMenu.filter((id) => windowCommandIds.some((known) => known === id));
    expect([...done].sort()).toEqual([...toWindow, "clear", "documentation", "paper", "report"].sort());
  });

  it("gives no shortcut to two items", () => {
    const accelerators = make({ platform }).items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(accelerators.length).toBeGreaterThan(10);
    expect(new Set(accelerators).size).toBe(accelerators.length);
  });
});

it("finds in the graph, as Ctrl+F does", () => {
  const { items, done } = make();
  const find = labelled(items, "&Find in the graph");
  expect(find?.accelerator).toBe("CmdOrCtrl+F");
  click(find);
  expect(done).toEqual(["graph.find"]);
});

it("opens recent files that are there, by names in which nothing is underlined", () => {
  const { items, done } = make();
  const [file, gone] = items.filter(({ label }) => /onnx|gone/.test(label ?? ""));
  expect([file.label, file.enabled, gone.enabled]).toEqual(["/a/R&&D.onnx", true, false]);
  click(file);
  click(labelled(items, "Clear"));
  expect(done).toEqual(["/a/R&D.onnx", "clear"]);
  expect(labelled(make({ recent: [] }).items, "None yet")).toMatchObject({ enabled: false });
});

it("marks the theme and the panes that are shown, and has developer tools only where they are wanted", () => {
  const checked = make().items.filter((item) => item.checked);
  expect(checked.map(({ id }) => id)).toEqual([
    "view.pane.stages",
    "view.pane.graph",
    "view.pane.chart",
    "view.pane.inspector",
    "view.theme.dark",
  ]);
  const hasTools = (devTools: boolean) =>
    make({ devTools }).items.some(({ role }) => role === "toggleDevTools");
  expect([hasTools(true), hasTools(false)]).toEqual([true, false]);
});
