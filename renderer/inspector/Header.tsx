import type { ReactNode } from "react";
import styles from "./Header.module.css";

/** The inspector's first lines: what is shown, and what can be done with it. */
export function Header({
  kind,
  name,
  note,
  children,
}: {
  readonly kind: string;
  /** From the model file: shown as text, shortened in the middle of the line, whole in its title. */
  readonly name?: string;
  readonly note?: string;
  /** Buttons. */
  readonly children?: ReactNode;
}) {
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <h2>
          {kind}
          {note && <span className={styles.note}> {note}</span>}
        </h2>
        {name && (
          <p className={styles.name} title={name}>
            {name}
          </p>
        )}
      </div>
      <div className={styles.actions}>{children}</div>
    </header>
  );
}
