import { useEffect, useId, useState } from "react";
import styles from "./Field.module.css";
import type { Read } from "./preprocess-text.ts";
import textStyles from "./text.module.css";

interface DraftFieldProps<Value> {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value, given the others. */
  readonly fault?: string;
  readonly placeholder?: string;
  /** Typed as a password is: nobody is to read it on the screen. */
  readonly secret?: boolean;
  /** The value as text. */
  readonly shown: string;
  read(text: string): Read<Value>;
  onCommit(value: Value): void;
}

/**
 * A text that stands for a value. It's taken over on Enter or when the field is left; a text that can't be read stays,
 * with what was expected below it.
 */
export function DraftField<Value>({
  label,
  hint,
  fault,
  placeholder,
  secret = false,
  shown,
  read,
  onCommit,
}: DraftFieldProps<Value>) {
  const id = useId();
  const [text, setText] = useState(shown);
  const [expected, setExpected] = useState<string>();
  useEffect(() => {
    setText(shown);
    setExpected(undefined);
  }, [shown]);
  const commit = () => {
    const outcome = read(text);
    setExpected(outcome.ok ? undefined : outcome.expected);
    if (outcome.ok && text !== shown) onCommit(outcome.value);
  };
  const wrong = expected ? `Expected ${expected}` : fault;
  const below = wrong ?? hint;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={secret ? "password" : "text"}
        autoComplete="off"
        spellCheck={false}
        className={styles.control}
        value={text}
        placeholder={placeholder}
        aria-invalid={wrong !== undefined}
        aria-describedby={below ? `${id}-below` : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
      {below && (
        <p id={`${id}-below`} className={wrong ? `${textStyles.hint} ${textStyles.bad}` : textStyles.hint}>
          {below}
        </p>
      )}
    </div>
  );
}
