import { useState } from "react";
import styles from "./NameField.module.css";

const longestName = 80;

/** A name that can be typed over where it stands; taken over on Enter or when the field is left, Escape gives up. */
export function NameField({
  label,
  name,
  onName,
}: {
  readonly label: string;
  readonly name: string;
  /** @param name may be empty */
  onName(name: string): void;
}) {
  const [text, setText] = useState<string | null>(null);
  const commit = () => {
    const typed = text?.trim().slice(0, longestName);
    if (typed !== undefined && typed !== name) onName(typed);
    setText(null);
  };
  return (
    <input
      className={styles.name}
      type="text"
      aria-label={label}
      title={name}
      maxLength={longestName}
      value={text ?? name}
      onChange={({ target }) => setText(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === "Enter") commit();
        if (key === "Escape") setText(null);
      }}
    />
  );
}
