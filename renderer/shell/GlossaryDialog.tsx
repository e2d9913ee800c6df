import { glossary } from "../../shared/presentation/words/glossary.ts";
import { closeDialog } from "../state/view-store.ts";
import { Dialog } from "../ui/Dialog.tsx";
import styles from "./GlossaryDialog.module.css";

/** All words that the window explains. */
export function GlossaryDialog() {
  return (
    <Dialog title="Glossary" open onClose={closeDialog}>
      <dl className={styles.words}>
        {glossary.map(({ term, meaning }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
