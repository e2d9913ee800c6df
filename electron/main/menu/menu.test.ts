import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, it } from "vitest";
import { type MenuParts, menuTemplate } from "./menu.ts";

type Item = MenuItemConstructorOptions;

function make(changes: Partial<MenuParts> = {}) {
  const done: string[] = [];
  const template = menuTemplate({
    platform: "linux",
    theme: "dark",
    hiddenPanes: ["plans"],
    recent: [
      { path: "/a/R&D.onnx", kind: "model", exists: true },
      { path: "/b/gone.offramp", kind: "project", exists: false },
    ],
    devTools: false,
    command: (id) => done.push(id),
    open: (path) => done.push(path),
    clearRecent: () => done.push("clear"),
    showDocumentation: () => done.push("documentation"),
    showPaper: () => done.push("paper"),
    reportProblem: () => done.push("report"),
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

it("leaves keys that text fields need to the page", () => {
  const { items } = make();
  for (const id of ["edit.undo", "edit.redo", "file.save"])
    expect(items.find((item) => item.id === id)?.registerAccelerator, id).toBe(false);
});

describe.each(["linux", "win32", "darwin"])("the menu on %s", (platform) => {
  it("has each of the window's commands once, and tells it", () => {
    const { items, done } = make({ platform });
    const commands = items.filter(({ id, submenu }) => id && !submenu);
    for (const item of commands) click(item);
    expect(done).toEqual(commands.map(({ id }) => id));
    expect([...done].sort()).toEqual([
      "edit.find",
      "edit.redo",
      "edit.undo",
      "file.close",
      "file.export",
      "file.open",
      "file.openModel",
      "file.sample",
      "file.save",
      "file.saveAs",
      "help.about",
      "help.shortcuts",
      "search.run",
      "view.palette",
      "view.pane.chart",
      "view.pane.graph",
      "view.pane.inspector",
      "view.pane.plans",
      "view.pane.stages",
      "view.theme.dark",
      "view.theme.light",
      "view.theme.system",
    ]);
  });

  it("gives no shortcut to two items", () => {
    const accelerators = make({ platform }).items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(accelerators.length).toBeGreaterThan(10);
    expect(new Set(accelerators).size).toBe(accelerators.length);
  });
});

it("opens recent files that are there, by names in which nothing is underlined", () => {
  const { items, done } = make();
  const [file, gone] = items.filter(({ label }) => /onnx|gone/.test(label ?? ""));
  expect([file.label, file.enabled, gone.enabled]).toEqual(["/a/R&&D.onnx", true, false]);
  click(file);
  click(items.find(({ label }) => label === "Clear"));
  expect(done).toEqual(["/a/R&D.onnx", "clear"]);
  expect(make({ recent: [] }).items.find(({ label }) => label === "None yet")).toMatchObject({
    enabled: false,
  });
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
