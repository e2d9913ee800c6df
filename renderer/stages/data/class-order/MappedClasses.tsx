import { useVirtualizer } from "@tanstack/react-virtual";
import { GripVertical } from "lucide-react";
import { type FocusEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { plainName } from "../../../../shared/base/plain-name.ts";
import {
  type AnswerTally,
  type ClassMapping,
  findTyped,
  rightAt,
} from "../../../../shared/model/class-mapping.ts";
import textStyles from "../../../ui/text.module.css";
import styles from "./MappedClasses.module.css";
import { useRowDrag } from "./use-row-drag.ts";
import { useTypedWord } from "./use-typed-word.ts";

const rowHeight = 28;
const pageRows = 10;

interface MappedClassesProps {
  readonly mapping: ClassMapping;
  /** Names of the model's scores, if it has any. */
  readonly modelClassNames: readonly string[] | null;
  readonly tally: AnswerTally;
  onMove(from: number, to: number): void;
}

/** A row per score of the model; the class beside it is dragged, or moved by keys. Only rows in sight are in the document. */
export function MappedClasses({ mapping, modelClassNames, tally, onMove }: MappedClassesProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const typed = useTypedWord();
  const rows = useVirtualizer({
    count: mapping.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const goTo = (place: number) => {
    const within = Math.max(0, Math.min(mapping.length - 1, place));
    setActive(within);
    rows.scrollToIndex(within);
    return within;
  };
  const move = (from: number, to: number) => {
    const target = goTo(to);
    if (target !== from) onMove(from, target);
  };
  const drag = useRowDrag(scroller, { height: rowHeight, count: mapping.length }, setActive, move);
  const onKeyDown = (event: KeyboardEvent) => {
    const target = targetOf(event.key, active, mapping.length);
    if (target !== undefined && event.altKey) move(active, target);
    else if (target !== undefined) goTo(target);
    else if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    else {
      const { word, isNew } = typed(event.key);
      const found = findTyped(mapping, word, isNew ? active + 1 : active);
      if (found >= 0) goTo(found);
    }
    event.preventDefault();
  };
  return (
    <div className={modelClassNames ? styles.named : ""}>
      <div className={styles.head} aria-hidden>
        <span>Score</span>
        {modelClassNames && <span>The model's name</span>}
        <span className={styles.class}>
          <GripVertical size={13} />
          Class of the data
        </span>
        <span>Right</span>
      </div>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        tabIndex={0}
        data-first-field
        aria-label="Classes in the order of the model's scores"
        aria-activedescendant={`${id}-${active}`}
        onKeyDown={onKeyDown}
        onFocus={keepFocus}
        {...drag.handlers}
      >
        <div className={styles.rows} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <Row
              key={index}
              id={`${id}-${index}`}
              place={index}
              top={start}
              mapping={mapping}
              modelName={modelClassNames?.[index]}
              tally={tally}
              isActive={index === active}
              isDragged={drag.dragged === index}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** A row that is pressed may leave the document, and would take the focus with it. */
function keepFocus({ target, currentTarget }: FocusEvent<HTMLElement>): void {
  if (target !== currentTarget) currentTarget.focus();
}

/** Where a key goes from a row; undefined for other keys. */
function targetOf(key: string, from: number, count: number): number | undefined {
  switch (key) {
    case "ArrowUp":
      return from - 1;
    case "ArrowDown":
      return from + 1;
    case "PageUp":
      return from - pageRows;
    case "PageDown":
      return from + pageRows;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

interface RowProps {
  readonly id: string;
  readonly place: number;
  /** px. */
  readonly top: number;
  readonly mapping: ClassMapping;
  readonly modelName: string | undefined;
  readonly tally: AnswerTally;
  readonly isActive: boolean;
  readonly isDragged: boolean;
}

function Row({ id, place, top, mapping, modelName, tally, isActive, isDragged }: RowProps) {
  const { name, label } = mapping[place];
  const images = label === null ? 0 : (tally.get(label)?.images ?? 0);
  const right = rightAt(tally, label, place);
  const isMoved = label !== null && label !== place;
  const words = label === null ? "not in the data" : images === 0 ? "no images" : `${right} of ${images}`;
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      className={`${styles.row} ${isActive ? styles.active : ""} ${isDragged ? styles.dragged : ""}`}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
      aria-selected={isActive}
      aria-setsize={mapping.length}
      aria-posinset={place + 1}
      aria-label={[
        `score ${place}`,
        modelName && `the model's ${plainName(modelName)}`,
        `class ${plainName(name)}`,
        isMoved && `was at ${label}`,
        images > 0 ? `right on ${words}` : words,
      ]
        .filter(Boolean)
        .join(", ")}
    >
      <span className={styles.place}>{place}</span>
      {modelName !== undefined && (
        <span className={textStyles.line} title={modelName}>
          {modelName}
        </span>
      )}
      <span className={styles.class} title={name}>
        <GripVertical size={13} aria-hidden />
        <span className={`${textStyles.line} ${isMoved ? textStyles.strong : ""}`}>{name}</span>
        {isMoved && <span className={styles.from}>was at {label}</span>}
      </span>
      <span className={2 * right < images ? styles.wrong : styles.right}>{words}</span>
    </div>
  );
}
