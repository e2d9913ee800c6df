import { useId } from "react";
import { plainName } from "../../shared/base/plain-name.ts";
import { classesWithoutSamples, type ClassWeights as Weights } from "../../shared/space/sample-weights.ts";
import { useChosenOn } from "../state/chosen-on.ts";
import { setUseCase, useDesign } from "../state/design-store.ts";
import { useProject } from "../state/project-store.ts";
import { Button } from "../ui/Button.tsx";
import { NumberField } from "../ui/Field.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./UseCaseMenu.module.css";
import { weighClass, weightRange } from "./use-case-choices.ts";

/** How often each class occurs in deployment; every figure in the window is weighted by it. */
export function ClassWeights() {
  const names = useProject(({ project }) => project?.data?.classNames);
  const labels = useProject(({ tables }) => [...tables.values()][0]?.labels);
  const weights = useDesign((state) => state.useCase.classWeights);
  const heading = useId();
  if (!names) return null;
  const stated = Object.keys(weights ?? {}).length;
  return (
    <details className={styles.wide}>
      <summary id={heading}>
        Class weights
        <span className={textStyles.soft}>
          {stated === 0 ? " · all alike" : ` · ${stated} of ${names.length} set`}
        </span>
      </summary>
      {labels ? (
        <WeightFields names={names} labels={labels} weights={weights ?? {}} heading={heading} />
      ) : (
        <p className={textStyles.soft}>
          These confidence tables don't say which class a sample is of. Train and calibrate again to weigh
          classes.
        </p>
      )}
      {stated > 0 && (
        <Button onClick={() => setUseCase({ classWeights: undefined })}>Weigh all classes alike</Button>
      )}
    </details>
  );
}

interface WeightFieldsProps {
  readonly names: readonly string[];
  readonly labels: Int32Array;
  readonly weights: Weights;
  /** Id of the element that names the group. */
  readonly heading: string;
}

function WeightFields({ names, labels, weights, heading }: WeightFieldsProps) {
  const chosenOn = useChosenOn();
  const absent = classesWithoutSamples(labels, names.length);
  return (
    <>
      <fieldset className={styles.classes} aria-labelledby={heading}>
        {names.map((name, index) => (
          <NumberField
            key={name}
            label={plainName(name)}
            hint={absent.has(index) ? `no ${chosenOn.sample}` : undefined}
            disabled={absent.has(index)}
            optional
            {...weightRange}
            placeholder="1"
            value={weights[index]}
            onCommit={(weight) => weighClass(index, weight)}
          />
        ))}
      </fieldset>
      <p className={textStyles.soft}>
        How often a class comes in deployment, against its share here. Empty fields weigh 1. All figures are
        weighted.
      </p>
    </>
  );
}
