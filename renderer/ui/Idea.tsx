import type { ReactNode } from "react";
import styles from "./Idea.module.css";
import { type Idea as IdeaName, IdeaPicture } from "./IdeaPicture.tsx";

interface IdeaProps {
  readonly idea: IdeaName;
  /** What a part of a panel is for, in a sentence. */
  readonly children: ReactNode;
}

/** A panel's one idea, above its fields as long as there is nothing else to show. */
export function Idea({ idea, children }: IdeaProps) {
  return (
    <div className={styles.idea}>
      <IdeaPicture idea={idea} />
      <p>{children}</p>
    </div>
  );
}
