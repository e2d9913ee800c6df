import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";
import { type Idea, IdeaPicture } from "./IdeaPicture.tsx";

interface EmptyStateProps {
  readonly title: string;
  readonly idea: Idea;
  /** What this panel is for, and what has to be there before it can show it. */
  readonly children: ReactNode;
  /** The next thing to do. */
  readonly action?: ReactNode;
}

export function EmptyState({ title, idea, children, action }: EmptyStateProps) {
  return (
    <div className={styles.room}>
      <div className={styles.empty}>
        <div className={styles.picture}>
          <IdeaPicture idea={idea} />
        </div>
        <h3>{title}</h3>
        <p>{children}</p>
        {action}
      </div>
    </div>
  );
}
