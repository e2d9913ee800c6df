import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  useEffect,
  useId,
  useState,
} from "react";
import styles from "./Field.module.css";
import { Glossed } from "./Glossed.tsx";
import textStyles from "./text.module.css";

interface FieldProps {
  readonly label: string;
  /** A short explanation below the control. */
  readonly hint?: string;
}

function Labelled({
  id,
  label,
  hint,
  children,
}: FieldProps & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        <Glossed>{label}</Glossed>
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className={textStyles.hint}>
          <Glossed>{hint}</Glossed>
        </p>
      )}
    </div>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

export function SelectField({
  label,
  hint,
  choices,
  value,
  onChoose,
  ...rest
}: FieldProps & {
  readonly choices: readonly Choice[];
  readonly value: string;
  onChoose(value: string): void;
} & Omit<SelectHTMLAttributes<HTMLSelectElement>, "value" | "onChange">) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint}>
      <select
        {...rest}
        id={id}
        className={styles.control}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} disabled={choice.disabled}>
            {choice.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/**
 * A number that is taken over on Enter or when the field is left, so that half-typed numbers change nothing.
 * An empty text gives undefined if `optional`.
 */
export function NumberField({
  label,
  hint,
  value,
  unit,
  optional,
  min,
  max,
  step,
  onCommit,
  ...rest
}: FieldProps & {
  readonly value: number | undefined;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | "any";
} & (
    | { readonly optional: true; onCommit(value: number | undefined): void }
    | { readonly optional?: false; onCommit(value: number): void }
  ) &
  Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "min" | "max" | "step" | "onChange">) {
  const id = useId();
  const shown = value === undefined ? "" : String(value);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const commit = () => {
    const number = Number(text);
    if (text.trim() === "" && optional) return onCommit(undefined);
    const fits =
      text.trim() !== "" &&
      Number.isFinite(number) &&
      number >= (min ?? -Infinity) &&
      number <= (max ?? Infinity);
    if (!fits) setText(shown);
    else if (number !== value) onCommit(number);
  };
  return (
    <Labelled id={id} label={unit ? `${label} (${unit})` : label} hint={hint}>
      <input
        {...rest}
        id={id}
        type="number"
        className={styles.control}
        value={text}
        min={min}
        max={max}
        step={step ?? "any"}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
    </Labelled>
  );
}

export function CheckField({
  label,
  hint,
  checked,
  onCheck,
  disabled,
}: FieldProps & { readonly checked: boolean; readonly disabled?: boolean; onCheck(checked: boolean): void }) {
  const id = useId();
  return (
    <div className={styles.check}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onCheck(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>
          <Glossed>{label}</Glossed>
        </label>
        {hint && (
          <p id={`${id}-hint`} className={textStyles.hint}>
            <Glossed>{hint}</Glossed>
          </p>
        )}
      </div>
    </div>
  );
}
