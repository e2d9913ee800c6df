import { type SchemaField, schemaFields } from "../../shared/model/schema-fields.ts";
import { DraftField } from "./DraftField.tsx";
import { CheckField, NumberField, SelectField } from "./Field.tsx";
import layoutStyles from "./layout.module.css";

interface OptionFieldsProps {
  /** JSON schema of an object with plain properties. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
  onChange(key: string, value: unknown): void;
}

/** The fields of a variant's or stage's options. */
export function OptionFields({ schema, values, onChange }: OptionFieldsProps) {
  const fields = schemaFields(schema);
  if (fields.length === 0) return null;
  return (
    <div className={layoutStyles.fields}>
      {fields.map((field) => (
        <OptionField
          key={field.key}
          field={field}
          value={values[field.key] ?? field.fallback}
          onChange={(value) => onChange(field.key, value)}
        />
      ))}
    </div>
  );
}

interface OptionFieldProps {
  readonly field: SchemaField;
  readonly value: unknown;
  onChange(value: unknown): void;
}

function OptionField({ field, value, onChange }: OptionFieldProps) {
  const { type, label, hint, min, max, choices = [] } = field;
  switch (type) {
    case "number":
    case "integer":
      return (
        <NumberField
          label={label}
          hint={hint}
          min={min}
          max={max}
          step={type === "integer" ? 1 : "any"}
          value={value as number | undefined}
          onCommit={(number) =>
            onChange(type === "integer" && number !== undefined ? Math.round(number) : number)
          }
        />
      );
    case "boolean":
      return <CheckField label={label} hint={hint} checked={Boolean(value)} onCheck={onChange} />;
    case "choice":
      return (
        <SelectField
          label={label}
          hint={hint}
          choices={choices.map((choice) => ({ value: choice, label: choice }))}
          value={String(value)}
          onChoose={onChange}
        />
      );
    case "text":
      return (
        <DraftField
          label={label}
          hint={hint}
          shown={String(value ?? "")}
          read={(text) => ({ ok: true, value: text })}
          onCommit={onChange}
        />
      );
  }
}
