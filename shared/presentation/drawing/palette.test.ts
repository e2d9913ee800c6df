import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { palette } from "./palette.ts";

const tokens = readFileSync(new URL("../../../renderer/ui/tokens.css", import.meta.url), "utf8");

/** The custom properties of the first rule with this selector. */
function colours(selector: string): Map<string, string> {
  const rule = tokens.slice(tokens.indexOf(`${selector} {`)).split("}")[0];
  return new Map([...rule.matchAll(/--([\w-]+): (#\w+);/g)].map(([, name, value]) => [name, value]));
}

test("reports and files have the window's colours, by day and by night", () => {
  const [light, dark] = [colours(":root"), colours(':root[data-theme="dark"]')];
  for (const [name, hue] of Object.entries(palette))
    expect({ name, light: light.get(name), dark: dark.get(name) }).toEqual({ name, ...hue });
});
