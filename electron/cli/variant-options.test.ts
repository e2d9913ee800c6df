import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { searchAlgorithms } from "../../shared/search/index.ts";
import { headKinds } from "../engine/index.ts";
import { addVariantOptions, type VariantWithOptions, variantOptions } from "./variant-options.ts";

const wide: VariantWithOptions = {
  id: "two-layers",
  title: "Two layers",
  options: z.object({
    hidden: z.number().int().min(1).max(64).default(16).describe("units of the hidden layer"),
    dropShare: z.number().min(0).max(1).default(0.25).describe("share that is dropped"),
    start: z.enum(["zero", "he"]).default("he").describe("how weights start"),
    seed: z.number().optional().describe("own seed"),
  }),
};
const plain: VariantWithOptions = { id: "plain", title: "Plain", options: z.object({}) };

function parse(...argv: string[]): Record<string, unknown> {
  const command = addVariantOptions(new Command(), [wide, plain]).exitOverride();
  return command.parse(argv, { from: "user" }).opts();
}

describe("flags of variants", () => {
  it("are named after the variant and its fields, and have their texts and defaults", () => {
    const { options } = addVariantOptions(new Command(), [wide, plain]);
    expect(options.map(({ flags, description, defaultValue }) => [flags, description, defaultValue])).toEqual(
      [
        ["--two-layers-hidden <value>", "Two layers: units of the hidden layer", 16],
        ["--two-layers-drop-share <value>", "Two layers: share that is dropped", 0.25],
        ["--two-layers-start <value>", "Two layers: how weights start", "he"],
        ["--two-layers-seed <value>", "Two layers: own seed", undefined],
      ],
    );
  });

  it("become the variant's options, with defaults for what isn't given", () => {
    expect(variantOptions(wide, parse())).toEqual({ hidden: 16, dropShare: 0.25, start: "he" });
    const given = parse("--two-layers-drop-share", "0.5", "--two-layers-start=zero", "--two-layers-seed=-3");
    expect(variantOptions(wide, given)).toEqual({ hidden: 16, dropShare: 0.5, start: "zero", seed: -3 });
    expect(variantOptions(plain, given)).toEqual({});
  });

  it.each([
    ["--two-layers-hidden", "65", "expected a whole number from 1 to 64."],
    ["--two-layers-hidden", "2.5", "expected a whole number from 1 to 64."],
    ["--two-layers-hidden", "many", "expected a whole number from 1 to 64."],
    ["--two-layers-hidden", "", "expected a whole number from 1 to 64."],
    ["--two-layers-start", "one", "Allowed choices are zero, he."],
    ["--two-layers-drop-share", "-0.1", "expected a number from 0 to 1."],
    ["--two-layers-seed", "x", "expected a number."],
  ])("refuse %s %j by the flag's name", (flag, value, says) => {
    expect(() => parse(flag, value)).toThrow(
      `error: option '${flag} <value>' argument '${value}' is invalid. ${says}`,
    );
  });

  it("that don't go together are refused by the name of the one at fault", () => {
    const ordered: VariantWithOptions = {
      ...wide,
      options: z
        .object({ from: z.number().default(1).describe("start"), to: z.number().default(2).describe("end") })
        .refine(({ from, to }) => from < to, { path: ["to"], message: "lies before the start" }),
    };
    const command = addVariantOptions(new Command(), [ordered]);
    const parsed = command.parse(["--two-layers-from", "3"], { from: "user" }).opts();
    expect(() => variantOptions(ordered, parsed)).toThrow(
      expect.objectContaining({ code: "usage", message: "--two-layers-to: lies before the start" }),
    );
  });
});

describe.each([...headKinds, ...searchAlgorithms].map((variant) => [variant.id, variant] as const))(
  "%s",
  (_id, variant) => {
    it("describes every field, has a default for each, and takes its own defaults as flags", () => {
      const command = addVariantOptions(new Command(), [variant]);
      for (const { flags, description } of command.options)
        expect(description, flags).toMatch(/^.+: (?!undefined).+$/);
      const defaults = variantOptions(variant, command.parse([], { from: "user" }).opts());
      const argv = command.options.flatMap(({ long, defaultValue }) =>
        // A switch takes no value, and off is not to name it.
        defaultValue === false ? [] : [long!, String(defaultValue)],
      );
      expect(variantOptions(variant, command.parse(argv, { from: "user" }).opts())).toEqual(defaults);
      expect(Object.keys(defaults)).toHaveLength(command.options.length);
    });
  },
);
