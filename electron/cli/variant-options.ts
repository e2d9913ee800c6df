import { type Command, Option } from "commander";
import type { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";

/** A variant whose options are a zod object: fields carry a default and a description. */
export interface VariantWithOptions {
  readonly id: string;
  readonly title: string;
  readonly options: z.ZodType;
}

interface VariantFlag {
  readonly field: string;
  readonly option: Option;
}

/** One flag per field, `--id-field`, made from the schema. */
function flagsOf({ id, title, options }: VariantWithOptions): VariantFlag[] {
  const shape = "shape" in options ? (options.shape as Record<string, z.ZodType>) : {};
  return Object.entries(shape).map(([field, schema]) => {
    const flag = `--${id}-${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`;
    const fallback = schema.safeParse(undefined);
    const shown = fallback.success && fallback.data !== undefined ? ` (default: ${fallback.data})` : "";
    return { field, option: new Option(flag, `${title}: ${schema.description ?? field}${shown}`) };
  });
}

export function addVariantOptions(command: Command, variants: readonly VariantWithOptions[]): Command {
  for (const variant of variants) for (const { option } of flagsOf(variant)) command.addOption(option);
  return command;
}

/**
 * The variant's options out of the parsed flags, with defaults filled in.
 * @throws AppError 'usage' naming the flag whose value doesn't fit
 */
export function variantOptions(
  variant: VariantWithOptions,
  parsed: Record<string, unknown>,
): Record<string, unknown> {
  const flags = flagsOf(variant);
  const given = flags.flatMap(({ field, option }) => {
    const text = parsed[option.attributeName()];
    return text === undefined ? [] : [[field, looksNumeric(text) ? Number(text) : text] as const];
  });
  const result = variant.options.safeParse(Object.fromEntries(given));
  if (result.success) return result.data as Record<string, unknown>;
  const [issue] = result.error.issues;
  const flag = flags.find(({ field }) => field === issue.path[0])?.option.long ?? variant.id;
  throw new AppError("usage", `${flag}: ${issue.message}`);
}

function looksNumeric(text: unknown): boolean {
  return typeof text === "string" && text.trim() !== "" && Number.isFinite(Number(text));
}
