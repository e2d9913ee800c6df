import type { ReactNode } from "react";
import layoutStyles from "../../ui/layout.module.css";
import styles from "./Header.module.css";

/** The inspector's first lines: what is shown, and what can be done with it. */
export function Header({
  kind,
  name,
  tensor = name,
  note,
  children,
}: {
  readonly kind: string;
  /** From the model file: shown as text, its end where it is too long, whole in its title. */
  readonly name?: string;
  /** What the title says instead: the tensor that goes by the name. */
  readonly tensor?: string;
  readonly note?: string;
  /** Buttons. */
  readonly children?: ReactNode;
}) {
  return (
    <div className={styles.header}>
      <div className={layoutStyles.row}>
        <h2 className={styles.title}>
          {kind}
          {note && <span className={styles.note}> {note}</span>}
        </h2>
        <div className={styles.actions}>{children}</div>
      </div>
      {name && (
        <p className={styles.name} title={tensor}>
          <bdi>{name}</bdi>
        </p>
      )}
    </div>
  );
}
