import { formatCount } from "../../../shared/base/format-number.ts";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { DataView as InspectedData } from "../../../shared/ipc/images.ts";
import textStyles from "../../ui/text.module.css";
import styles from "./ClassCounts.module.css";
import { countPerClass } from "./data-hints.ts";

/** More classes without images than this are counted, not listed: the data set is a part of the model's classes. */
const maxAbsent = 10;

/** Images per class, as bars; the list scrolls for data sets of many classes. */
export function ClassCounts({ view }: { readonly view: InspectedData }) {
  const counts = countPerClass(view);
  const absent = counts.filter((count) => count === 0).length;
  const isShown = (label: number) => counts[label] > 0 || absent <= maxAbsent;
  const max = Math.max(1, ...counts);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list has to be reachable by keyboard
    <ol className={styles.counts} tabIndex={0} aria-label="Images per class">
      {view.classNames.map(plainName).map(
        (name, label) =>
          isShown(label) && (
            // biome-ignore lint/suspicious/noArrayIndexKey: a class is its index; names may repeat
            <li key={label}>
              <span className={textStyles.line} title={name}>
                {name}
              </span>
              <span className={styles.track} aria-hidden>
                <span className={styles.bar} style={{ width: `${(100 * counts[label]) / max}%` }} />
              </span>
              <span className={counts[label] === 0 ? styles.none : styles.count}>
                {formatCount(counts[label])}
              </span>
            </li>
          ),
      )}
      {absent > maxAbsent && (
        <li className={styles.rest}>{formatCount(absent)} more classes have no images</li>
      )}
    </ol>
  );
}
