import { ChevronRight } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { useRemembered } from "../../state/settings-store.ts";
import { Glossed } from "../../ui/Glossed.tsx";
import layoutStyles from "../../ui/layout.module.css";
import styles from "./Section.module.css";

/** Up and down go from section to section. */
function onSectionKey(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const headings = [...document.querySelectorAll<HTMLElement>("[data-section]")];
  headings[headings.indexOf(event.currentTarget) + step]?.focus();
}

/** A collapsible section of the inspector; whether it is open is remembered. */
export function Section({
  id,
  title,
  note,
  children,
}: {
  /** What it is remembered by. */
  readonly id: string;
  readonly title: string;
  /** At the right of the title, whether the section is open or not. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
}) {
  const [isOpen, setOpen] = useRemembered(`inspector.${id}`, true);
  const bodyId = useId();
  return (
    <section className={layoutStyles.ruled} data-tour={id}>
      <h3 className={styles.heading}>
        <button
          type="button"
          data-section
          aria-expanded={isOpen}
          aria-controls={bodyId}
          onClick={() => setOpen(!isOpen)}
          onKeyDown={onSectionKey}
        >
          <ChevronRight size={13} className={styles.chevron} aria-hidden />
          <span>{title}</span>
          {note !== undefined && (
            <span className={styles.note}>{typeof note === "string" ? <Glossed>{note}</Glossed> : note}</span>
          )}
        </button>
      </h3>
      {isOpen && (
        <div id={bodyId} className={styles.body}>
          {children}
        </div>
      )}
    </section>
  );
}
