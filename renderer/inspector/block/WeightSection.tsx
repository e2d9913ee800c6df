import { Download } from "lucide-react";
import type { WeightView } from "../../../shared/ipc/weights.ts";
import { call } from "../../state/call.ts";
import { notifyError } from "../../state/notice-store.ts";
import { saveFile } from "../../state/save-file.ts";
import { IconButton } from "../../ui/Button.tsx";
import textStyles from "../../ui/text.module.css";
import { Section } from "../pieces/Section.tsx";
import { describeTensor } from "./tensor-shapes.ts";
import { useWeights } from "./use-weights.ts";
import styles from "./WeightSection.module.css";
import { describeNumbers, valueRows, weightFileName } from "./weight-text.ts";

interface Owner {
  readonly member?: string;
  readonly node: string;
}

/** What an operator reads that isn't made of the image: each weight with its histogram, small ones with their values. */
export function WeightSection({ member, node }: Owner) {
  const { weights, error } = useWeights(member, node);
  if (weights?.length === 0 && error === null) return null;
  return (
    <Section id="operator.weights" title="Weights" note={weights === null ? "reading…" : `${weights.length}`}>
      {error !== null && <p className={textStyles.bad}>{error}</p>}
      <ul className={styles.list}>
        {weights?.map((weight) => (
          <Weight key={weight.name} weight={weight} member={member} node={node} />
        ))}
      </ul>
    </Section>
  );
}

function Weight({ weight, ...owner }: Owner & { readonly weight: WeightView }) {
  const { name, numbers, values, unsaved } = weight;
  const save = async () => {
    const { npy } = await call("model.weightFile", { ...owner, weight: name });
    await saveFile(weightFileName(name), new Uint8Array(npy));
  };
  return (
    <li>
      <div className={styles.heading}>
        <bdi className={styles.name} title={name}>
          {name}
        </bdi>
        <IconButton
          label={unsaved === undefined ? `Save ${name} as .npy…` : `Can't be saved by itself: ${unsaved}`}
          disabled={unsaved !== undefined}
          onClick={() => void save().catch(notifyError)}
        >
          <Download size={13} />
        </IconButton>
      </div>
      <p>{describeTensor(weight)}</p>
      {values === undefined && numbers && <Histogram counts={numbers.histogram} />}
      {values === undefined ? (
        <p className={textStyles.note}>{describeNumbers(weight)}</p>
      ) : (
        <pre className={styles.values}>{valueRows(weight).join("\n")}</pre>
      )}
    </li>
  );
}

const height = 36;
const barWidth = 8;

/** How many elements have which value, from the least to the largest. */
function Histogram({ counts }: { readonly counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  return (
    <svg
      className={styles.histogram}
      height={height}
      viewBox={`0 0 ${barWidth * counts.length} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Histogram of its values"
    >
      {counts.map((count, bin) => {
        const tall = (height * count) / most;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          <rect key={bin} x={bin * barWidth} y={height - tall} width={barWidth - 1} height={tall} />
        );
      })}
    </svg>
  );
}
