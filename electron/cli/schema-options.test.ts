import { Command } from "commander";
import { expect, it } from "vitest";
import { z } from "zod";
import { schemaOptions } from "./schema-options.ts";

const schema = z.strictObject({
  batchSize: z.number().int().min(1).default(4).describe("images per step"),
  rate: z.number().min(0).max(1).optional().describe("share"),
  mode: z.enum(["a", "b"]).default("b").describe("which way"),
  quick: z.boolean().optional().describe("skip the rest"),
  report: z.boolean().default(true).describe("write a report"),
  seed: z.number().int().default(1),
});

const { options, read, flagOf } = schemaOptions(schema, {
  batchSize: { fallback: 8 },
  rate: { flag: "--share", value: "0-1", purpose: "how much" },
  report: { flag: "--no-report", purpose: "leave the report out" },
  seed: null,
});

function parse(...argv: string[]) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of options) command.addOption(option);
  return read(command.parse(argv, { from: "user" }).opts());
}

it("takes texts, choices and defaults from the schema, and spellings where they differ", () => {
  expect(options.map((option) => [option.flags, option.description, option.defaultValue])).toEqual([
    ["--batch-size <n>", "images per step", 8],
    ["--share <0-1>", "how much", undefined],
    ["--mode <choice>", "which way", "b"],
    ["--quick", "skip the rest", undefined],
    ["--no-report", "leave the report out", true],
  ]);
  expect([flagOf("rate"), flagOf("unknown")]).toEqual(["--share", undefined]);
});

it("reads what is given or has a default, as the schema takes it", () => {
  expect(parse()).toEqual({ mode: "b", batchSize: 8, report: true });
  const given = parse("--mode", "a", "--batch-size", "2", "--share", "1", "--quick", "--no-report");
  expect(given).toEqual({ mode: "a", batchSize: 2, rate: 1, quick: true, report: false });
  expect(schema.parse(given)).toEqual({ ...given, seed: 1 });
});

it.each([
  [["--batch-size", "0"], "expected a whole number of at least 1."],
  [["--batch-size", "1.5"], "expected a whole number of at least 1."],
  [["--share", "1.01"], "expected a number from 0 to 1."],
  [["--share", " "], "expected a number from 0 to 1."],
  [["--share", "Infinity"], "expected a number from 0 to 1."],
  [["--mode", "c"], "Allowed choices are a, b."],
])("refuses %j", (argv, says) => {
  expect(() => parse(...argv)).toThrow(says);
});
