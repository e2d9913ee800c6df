import type { Command } from "commander";
import type { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";
import { inKebab, optionFields, type Parsed, type SchemaOptions, schemaOptions } from "./schema-options.ts";

/** A variant whose options are a zod object: fields carry a default and a description. */
export interface VariantWithOptions {
  readonly id: string;
  readonly title: string;
  readonly options: z.ZodType;
}

/** One flag per field, `--id-field`. */
function flagsOf({ id, title, options }: VariantWithOptions): SchemaOptions<unknown> {
  const spellings = optionFields(options).map(({ key, description }) => {
    const spelling = { flag: `--${id}-${inKebab(key)}`, value: "value", purpose: `${title}: ${description}` };
    return [key, spelling] as const;
  });
  return schemaOptions(options as z.ZodType<Record<string, unknown>>, Object.fromEntries(spellings));
}

export function addVariantOptions(command: Command, variants: readonly VariantWithOptions[]): Command {
  for (const variant of variants) for (const option of flagsOf(variant).options) command.addOption(option);
  return command;
}

/**
 * The variant's options out of the parsed flags.
 * @throws AppError 'usage' naming the flag whose value doesn't go with the others
 */
export function variantOptions(variant: VariantWithOptions, parsed: Parsed): Record<string, unknown> {
  const flags = flagsOf(variant);
  const result = variant.options.safeParse(flags.read(parsed));
  if (result.success) return result.data as Record<string, unknown>;
  const [issue] = result.error.issues;
  throw new AppError("usage", `${flags.flagOf(issue.path[0]) ?? variant.id}: ${issue.message}`);
}
