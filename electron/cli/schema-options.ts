import { InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { type SchemaField, schemaFields } from "../../shared/model/schema-fields.ts";

/** Options as commander parsed them, by attribute name. */
export type Parsed = Readonly<Record<string, unknown>>;

/** How a field is spelt as a flag. */
export interface Spelling {
  /** Its key in words if absent: `batchSize` is `--batch-size`. */
  readonly flag?: string;
  /** What its value is called in help, if not after its type. */
  readonly value?: string;
  /** What help says if not the field's own description. */
  readonly purpose?: string;
  /** What it is unless it is given, if that isn't the field's own default. */
  readonly fallback?: unknown;
}

/** A schema's fields as flags. */
export interface SchemaOptions<Fields> {
  readonly options: readonly Option[];
  /** The fields that were given or have a default. */
  read(parsed: Parsed): Partial<Fields>;
  /** The flag of a field. */
  flagOf(key: PropertyKey): string | undefined;
}

/**
 * Flags of a schema's fields, whose texts, ranges, choices and defaults are the schema's, as those of forms are.
 * @param spellings where a flag doesn't follow from its field; null for a field that is none
 */
export function schemaOptions<Schema extends z.ZodType>(
  schema: Schema,
  spellings: { readonly [Key in keyof z.input<Schema>]?: Spelling | null } = {},
): SchemaOptions<z.input<Schema>> {
  const spelt = spellings as Readonly<Record<string, Spelling | null | undefined>>;
  const made = optionFields(schema).flatMap((field) => {
    const spelling = spelt[field.key];
    return spelling === null ? [] : [{ key: field.key, option: optionOf(field, spelling ?? {}) }];
  });
  return {
    options: made.map(({ option }) => option),
    read: (parsed) => {
      const given = made.map(({ key, option }) => [key, parsed[option.attributeName()]] as const);
      return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Partial<z.input<Schema>>;
    },
    flagOf: (key) => made.find((one) => one.key === key)?.option.long,
  };
}

/** The fields that a schema's JSON form lists. */
export function optionFields(schema: z.ZodType): SchemaField[] {
  return schemaFields(z.toJSONSchema(schema, { io: "input" }));
}

const valueNames = { integer: "n", number: "number", choice: "choice", text: "text" } as const;

function optionOf(field: SchemaField, spelling: Spelling): Option {
  const { flag = `--${inKebab(field.key)}`, purpose = field.description } = spelling;
  const takes = field.type === "boolean" ? "" : ` <${spelling.value ?? valueNames[field.type]}>`;
  const option = new Option(`${flag}${takes}`, purpose);
  if (field.type === "number" || field.type === "integer") option.argParser(numberIn(field));
  if (field.choices) option.choices(field.choices);
  return option.default("fallback" in spelling ? spelling.fallback : field.fallback);
}

/** `batchSize` as `batch-size`. */
export function inKebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A parser of numbers in a range, for a flag's value. */
export function numberIn({ type, min, max }: Pick<SchemaField, "type" | "min" | "max">) {
  return (text: string): number => {
    const value = Number(text);
    const isWanted = type === "integer" ? Number.isInteger(value) : Number.isFinite(value);
    if (text.trim() !== "" && isWanted && value >= (min ?? -Infinity) && value <= (max ?? Infinity))
      return value;
    throw new InvalidArgumentError(
      `expected a${type === "integer" ? " whole" : ""} number${rangeText(min, max)}.`,
    );
  };
}

function rangeText(min: number | undefined, max: number | undefined): string {
  if (min !== undefined) return max === undefined ? ` of at least ${min}` : ` from ${min} to ${max}`;
  return max === undefined ? "" : ` of at most ${max}`;
}
