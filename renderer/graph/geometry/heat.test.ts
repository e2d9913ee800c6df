import { expect, test } from "vitest";
import { heatColour, heatMaximum, heatMeasures } from "./heat.ts";

/** The polynomial that d3-scale-chromatic draws cividis with: an independent statement of the same scale. */
function polynomial(t: number): number[] {
  return [
    -4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57)))),
    32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37)))),
    81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67)))),
  ].map((channel) => Math.min(255, Math.max(0, channel)));
}

function rgb(colour: string): number[] {
  return colour.match(/\d+/g)!.map(Number);
}

function contrast(background: string, ink: "black" | "white"): number {
  const [red, green, blue] = rgb(background).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  return ink === "black" ? light / 0.05 : 1.05 / light;
}

test("the scale is cividis", () => {
  expect(heatColour(0).background).toBe("rgb(0, 32, 77)");
  expect(heatColour(1).background).toBe("rgb(255, 234, 70)");
  // Half way between the fifth and the sixth of ten steps.
  expect(heatColour(0.5).background).toBe("rgb(125, 124, 118)");
  for (let share = 0; share <= 1; share += 0.05) {
    const drawn = rgb(heatColour(share).background);
    polynomial(share).forEach((channel, index) => {
      expect(Math.abs(channel - drawn[index])).toBeLessThan(16);
    });
  }
});

test("text can be read on every colour of the scale", () => {
  for (let share = 0; share <= 1; share += 0.01) {
    const { background, ink } = heatColour(share);
    expect(contrast(background, ink)).toBeGreaterThan(4.5);
  }
});

test("the scale ends at the dearest that is shown, and there is none where nothing is known", () => {
  const cost = { macs: 30, parameters: 0, activationBytes: 8, latencyMs: undefined };
  const measure = (id: string) => heatMeasures.find((candidate) => candidate.id === id)!;
  expect(heatMaximum(measure("macs"), [cost, { ...cost, macs: 50 }])).toBe(50);
  expect(heatMaximum(measure("parameters"), [cost])).toBeUndefined();
  expect(heatMaximum(measure("latency"), [cost])).toBeUndefined();
});
