import { useState } from "react";
import { longestNote } from "../../shared/model/design.ts";
import styles from "./NameField.module.css";

const longestName = 80;

interface NameFieldProps {
  readonly label: string;
  readonly name: string;
  /** @param name may be empty */
  onName(name: string): void;
}

/** A name that can be typed over where it stands; taken over on Enter or when the field is left, Escape gives up. */
export function NameField({ label, name, onName }: NameFieldProps) {
  return (
    <TypedOver label={label} text={name} longest={longestName} className={styles.name} onText={onName} />
  );
}

interface NoteFieldProps {
  readonly label: string;
  readonly note: string;
  /** @param note may be empty */
  onNote(note: string): void;
}

/** What a person says of something, typed over where it stands. */
export function NoteField({ label, note, onNote }: NoteFieldProps) {
  return (
    <TypedOver
      label={label}
      text={note}
      longest={longestNote}
      placeholder="Add a note"
      className={styles.note}
      onText={onNote}
    />
  );
}

interface TypedOverProps {
  readonly label: string;
  readonly text: string;
  readonly longest: number;
  readonly placeholder?: string;
  readonly className: string;
  onText(text: string): void;
}

function TypedOver({ label, text: shown, longest, placeholder, className, onText }: TypedOverProps) {
  const [text, setText] = useState<string | null>(null);
  const commit = () => {
    const typed = text?.trim().slice(0, longest);
    if (typed !== undefined && typed !== shown) onText(typed);
    setText(null);
  };
  return (
    <input
      className={className}
      type="text"
      aria-label={label}
      title={shown}
      maxLength={longest}
      placeholder={placeholder}
      value={text ?? shown}
      onChange={({ target }) => setText(target.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === "Enter") commit();
        if (key === "Escape") setText(null);
      }}
    />
  );
}
