import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type Constraint, constraints, describeConstraint, units } from "../../shared/domain/constraints.ts";
import type { UseCase } from "../../shared/domain/use-case.ts";
import { useDesign } from "../stores/design-store.ts";
import { Button } from "../ui/Button.tsx";
import { NumberField, SelectField } from "../ui/Field.tsx";
import { ClassWeights } from "./ClassWeights.tsx";
import styles from "./UseCaseMenu.module.css";

/** The use case in a few words: `drop ≤ 0.50 pp, mean ≤ 0.60 ms`. */
export function describeUseCase(useCase: UseCase): string {
  const parts = constraints.flatMap(({ field }) => {
    const wanted = useCase[field];
    return wanted === undefined ? [] : [describeConstraint(field, wanted, useCase.latency)];
  });
  const wishes = parts.length > 0 ? parts.join(", ") : `least ${useCase.latency} latency`;
  return useCase.classWeights ? `${wishes}, weighted by class` : wishes;
}

/** The constraints that the best plan has to meet; the chart's lines are the same ones. */
export function UseCaseMenu() {
  const useCase = useDesign((state) => state.useCase);
  const setUseCase = useDesign((state) => state.setUseCase);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button className={styles.trigger}>
          <span className={styles.soft}>Use case</span>
          <span className={styles.text}>{describeUseCase(useCase)}</span>
          <ChevronDown size={14} />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.popover} sideOffset={4} align="start">
          <SelectField
            label="Latency that counts"
            choices={[
              { value: "mean", label: "Mean" },
              { value: "p95", label: "95th percentile" },
            ]}
            value={useCase.latency}
            onChoose={(value) => setUseCase({ latency: value as UseCase["latency"] })}
          />
          {constraints.map((constraint) => (
            <ConstraintInput key={constraint.field} constraint={constraint} />
          ))}
          <ClassWeights />
          <p className={`${styles.soft} ${styles.wide}`}>
            Empty fields don't bind. A search takes the use case as it is when it starts.
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ConstraintInput({ constraint }: { readonly constraint: Constraint }) {
  const { field, title, range } = constraint;
  const wanted = useDesign((state) => state.useCase[field]);
  const setUseCase = useDesign((state) => state.setUseCase);
  const { symbol, read, show } = units[constraint.unit];
  return (
    <NumberField
      label={title}
      unit={symbol}
      optional
      min={show(range[0])}
      max={show(range[1])}
      value={wanted === undefined ? undefined : show(wanted)}
      onCommit={(typed) => setUseCase({ [field]: typed === undefined ? undefined : read(typed) })}
    />
  );
}
