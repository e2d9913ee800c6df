import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import { type Statement, type Tone, tones, worstTone } from "../../shared/model/statement.ts";
import { Glossed } from "./Glossed.tsx";
import styles from "./Statements.module.css";

const icons = {
  good: CircleCheck,
  plain: Info,
  warn: TriangleAlert,
  bad: CircleX,
} as const satisfies Readonly<Record<Tone, unknown>>;

/** What is said of a plan, each with its sign; the bar beside them all is as bad as the worst. */
export function Statements({ statements }: { readonly statements: readonly Statement[] }) {
  if (statements.length === 0) return null;
  return (
    <ul className={`${styles.list} ${styles[worstTone(statements)]}`} aria-label="Verdict">
      {statements.map(({ id, tone, text }) => {
        const Icon = icons[tone];
        return (
          <li key={text} data-tone={tone} className={id === "outcome" ? styles.outcome : undefined}>
            <Icon size={14} aria-hidden />
            <span className="visually-hidden">{tones[tone].word}: </span>
            <span>
              <Glossed>{text}</Glossed>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
