import { expect, test } from "vitest";
import { z } from "zod";
import { fieldsOf, schemaDefaults, schemaFields } from "./schema-fields.ts";
import { trainOptionsSchema } from "./stage-options.ts";

test("fields of a schema: label from the key, hint from the description, bounds where there are any", () => {
  const schema = z.object({
    batchSize: z.number().int().min(1).max(8).default(4).describe("images per step"),
    seed: z.number().int().default(1),
    rate: z.number().default(0.5),
    mode: z.enum(["a", "b"]).default("b"),
    quick: z.boolean().default(true),
    note: z.string().optional(),
  });
  const fields = schemaFields(z.toJSONSchema(schema, { io: "input" }));
  expect(fields.map(({ key, type }) => [key, type])).toEqual([
    ["batchSize", "integer"],
    ["seed", "integer"],
    ["rate", "number"],
    ["mode", "choice"],
    ["quick", "boolean"],
    ["note", "text"],
  ]);
  expect(fields[0]).toMatchObject({
    label: "Batch size",
    description: "images per step",
    hint: "Images per step",
    min: 1,
    max: 8,
    fallback: 4,
  });
  expect(fields[1]).toMatchObject({ min: undefined, max: undefined });
  expect(fields[3].choices).toEqual(["a", "b"]);
  expect(fieldsOf(schema).batchSize).toEqual(fields[0]);
});

test("the training form's defaults are the command line's", () => {
  const defaults = schemaDefaults(z.toJSONSchema(trainOptionsSchema, { io: "input" }));
  expect(defaults).toEqual(trainOptionsSchema.parse({}));
});

test("a schema without options makes no fields", () => {
  expect(schemaFields(z.toJSONSchema(z.object({})))).toEqual([]);
});
