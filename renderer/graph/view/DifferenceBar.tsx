import { X } from "lucide-react";
import { type BlockState, blockCounts } from "../../../shared/presentation/graph/compare-networks.ts";
import { putDifferenceAway, showDifference, useDifference } from "../../state/model-difference.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import styles from "./DifferenceBar.module.css";

/** What the marks of blocks say while the graph stands beside another model's, and the way back. */
export function DifferenceBar() {
  const { difference } = useDifference();
  if (!difference) return null;
  return (
    <section className={styles.bar} aria-label="Comparison of the graph">
      <span className={styles.name}>
        Beside <bdi>{difference.name}</bdi>
      </span>
      {blockCounts(difference).map(({ state, text }) => (
        <span key={state} className={styles.count}>
          <Swatch state={state} />
          {text}
        </span>
      ))}
      <span className={layoutStyles.space} />
      <Button look="quiet" onClick={showDifference}>
        Block by block
      </Button>
      <IconButton label="Put the comparison away" onClick={putDifferenceAway}>
        <X size={14} />
      </IconButton>
    </section>
  );
}

/** As blocks are marked; what is the same, or not here, has no mark. */
function Swatch({ state }: { readonly state: BlockState }) {
  if (state === "same" || state === "only there") return null;
  return <span className={styles.swatch} data-difference={state} aria-hidden="true" />;
}
