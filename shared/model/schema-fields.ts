import { z } from "zod";

/** A field of a form or a flag of the command line, made from one property of a JSON schema. */
export interface SchemaField {
  readonly key: string;
  /** The key in words: `batchSize` as "Batch size". */
  readonly label: string;
  /** What it is, as flags say it. */
  readonly description?: string;
  /** The same as a sentence. */
  readonly hint?: string;
  readonly type: "number" | "integer" | "boolean" | "choice" | "text";
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly fallback?: unknown;
}

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
}

/** @param schema JSON schema of an object with plain properties */
export function schemaFields(schema: Readonly<Record<string, unknown>>): SchemaField[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Property>>;
  return Object.entries(properties).map(([key, property]) => ({
    key,
    label: inWords(key),
    description: property.description,
    hint: property.description && sentence(property.description),
    type: fieldType(property),
    // Without a bound of its own an integer has the largest safe one, which says nothing to a person.
    min: bound(property.minimum),
    max: bound(property.maximum),
    choices: property.enum?.map(String),
    fallback: property.default,
  }));
}

/** The fields of a schema by their keys. */
export function fieldsOf<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
): Readonly<Record<keyof Shape, SchemaField>> {
  const fields = schemaFields(z.toJSONSchema(schema, { io: "input" }));
  return Object.fromEntries(fields.map((field) => [field.key, field])) as Record<keyof Shape, SchemaField>;
}

/** Every option's default. */
export function schemaDefaults(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const withDefault = schemaFields(schema).filter(({ fallback }) => fallback !== undefined);
  return Object.fromEntries(withDefault.map(({ key, fallback }) => [key, fallback]));
}

function fieldType({ type, enum: choices }: Property): SchemaField["type"] {
  if (choices) return "choice";
  return type === "number" || type === "integer" || type === "boolean" ? type : "text";
}

function bound(value: number | undefined): number | undefined {
  return value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** A key as people read it: `batchSize` as "Batch size". */
export function inWords(key: string): string {
  return sentence(key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
