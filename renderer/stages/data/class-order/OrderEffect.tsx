import { ArrowRight } from "lucide-react";
import { formatCount, formatPercent } from "../../../../shared/base/format-number.ts";
import {
  type AnswerTally,
  type ClassMapping,
  countMoved,
  countRight,
} from "../../../../shared/model/class-mapping.ts";
import { useJobs } from "../../../state/job-store.ts";
import { StageProgress } from "../../../state/stages/StageProgress.tsx";
import { Button } from "../../../ui/Button.tsx";
import textStyles from "../../../ui/text.module.css";
import styles from "./OrderEffect.module.css";

interface OrderEffectProps {
  readonly tally: AnswerTally;
  /** How many are counted in it. */
  readonly images: number;
  /** How many there are in the calibration split. */
  readonly all: number;
  readonly present: ClassMapping;
  readonly mapping: ClassMapping;
  onAskAll(): void;
}

/** How often the backbone is right with the classes in this order, and as they stand now. */
export function OrderEffect({ tally, images, all, present, mapping, onAskAll }: OrderEffectProps) {
  const isAsking = useJobs((jobs) => jobs.answers !== undefined);
  const share = (order: ClassMapping) => formatPercent(images === 0 ? 0 : countRight(tally, order) / images);
  return (
    <div className={styles.effect}>
      <div role="status" aria-label="What the order does">
        <p className={styles.figures}>
          <span>
            <strong className={styles.now}>{share(present)}</strong> as it is
          </span>
          <ArrowRight size={16} aria-hidden />
          <span>
            <strong className={styles.then}>{share(mapping)}</strong> right in this order
          </span>
        </p>
        <p className={textStyles.soft}>
          {formatCount(countMoved(mapping))} of {formatCount(mapping.length)} classes stand elsewhere
        </p>
      </div>
      <div className={styles.images}>
        <span>Of {formatCount(images)} calibration images that the backbone was tried on.</span>
        {images < all && !isAsking && (
          <Button look="quiet" onClick={onAskAll}>
            Try all {formatCount(all)}
          </Button>
        )}
      </div>
      <StageProgress kind="answers" title="Trying the backbone on every calibration image" />
    </div>
  );
}
