import { expect, it } from "vitest";
import { commandIds, commandOf, commandTitle, windowCommandIds } from "./commands.ts";
import { paneNames, settingsSchema } from "./settings.ts";

it("gives no keys and no title to two commands", () => {
  const keys = commandIds.flatMap((id) => commandOf(id).keys ?? []);
  expect(keys.length).toBeGreaterThan(30);
  expect(new Set(keys).size).toBe(keys.length);
  const titles = windowCommandIds.map(commandTitle);
  expect(new Set(titles).size).toBe(titles.length);
});

it("has a command for every pane and every theme, on where the settings say so", () => {
  const settings = settingsSchema.parse({ theme: "light", hiddenPanes: ["graph"] });
  const isOn = (id: string) => commandOf(commandIds.find((known) => known === id)!).menu?.isOn?.(settings);
  expect(paneNames.map((name) => isOn(`view.pane.${name}`))).toEqual([true, false, true, true, true]);
  expect(settingsSchema.shape.theme.unwrap().options.map((theme) => isOn(`view.theme.${theme}`))).toEqual([
    false,
    true,
    false,
  ]);
});

it("has no mark of the menu in its titles elsewhere", () => {
  expect(commandTitle("file.saveAs")).toBe("Save as…");
  expect(windowCommandIds.map(commandTitle).filter((title) => title.includes("&"))).toEqual([]);
});
