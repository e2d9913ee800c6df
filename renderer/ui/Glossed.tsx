import { withTerms } from "../../shared/presentation/words/glossary.ts";
import styles from "./Glossed.module.css";
import { Tooltip } from "./Tooltip.tsx";

/** A text whose words of the glossary say what they mean under the pointer; by keyboard all are in Help, Glossary. */
export function Glossed({ children }: { readonly children: string }) {
  return withTerms(children).map(({ text, entry }) =>
    entry ? (
      <Tooltip key={text} text={entry.meaning}>
        <span className={styles.term}>{text}</span>
      </Tooltip>
    ) : (
      text
    ),
  );
}
