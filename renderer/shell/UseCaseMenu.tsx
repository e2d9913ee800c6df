import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type Constraint, constraints, units } from "../../shared/model/constraints.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { formatConfidence } from "../../shared/presentation/words/describe-guarantee.ts";
import { describeUseCase } from "../../shared/presentation/words/describe-use-case.ts";
import { setUseCase, useDesign } from "../state/design-store.ts";
import { usePlans } from "../state/plan-store.ts";
import { Button } from "../ui/Button.tsx";
import { NumberField, SelectField } from "../ui/Field.tsx";
import textStyles from "../ui/text.module.css";
import { ClassWeights } from "./ClassWeights.tsx";
import styles from "./UseCaseMenu.module.css";

/** What the menu offers; a project may bring another one. */
const offeredConfidences = [0.9, 0.95, 0.99];

function confidenceChoices(current: number | undefined) {
  const all = new Set([...offeredConfidences, ...(current === undefined ? [] : [current])]);
  return [
    { value: "", label: "None" },
    ...[...all]
      .sort((a, b) => a - b)
      .map((confidence) => ({
        value: String(confidence),
        label: `With ${formatConfidence(confidence)} confidence`,
      })),
  ];
}

/** The constraints that the best plan has to meet; the chart's lines are the same ones. */
export function UseCaseMenu() {
  const useCase = useDesign((state) => state.useCase);
  const isEnergyKnown = usePlans(({ backbone }) => backbone?.energyMillijoules !== undefined);
  const offered = constraints.filter(
    ({ field }) =>
      field !== "maxEnergyMillijoules" || isEnergyKnown || useCase.maxEnergyMillijoules !== undefined,
  );
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button className={styles.trigger}>
          <span className={textStyles.soft}>Use case</span>
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
              { value: "p50", label: "Median" },
              { value: "p95", label: "95th percentile" },
            ]}
            value={useCase.latency}
            onChoose={(value) => setUseCase({ latency: value as UseCase["latency"] })}
          />
          {(isEnergyKnown || useCase.axis === "energy") && (
            <SelectField
              label="Front of"
              choices={[
                { value: "latency", label: "Latency" },
                { value: "energy", label: "Energy" },
              ]}
              value={useCase.axis ?? "latency"}
              onChoose={(value) => setUseCase({ axis: value === "energy" ? value : undefined })}
            />
          )}
          {offered.map((constraint) => (
            <ConstraintInput key={constraint.field} constraint={constraint} />
          ))}
          <SelectField
            label="Guarantee of drop and accuracy"
            choices={confidenceChoices(useCase.confidence)}
            value={String(useCase.confidence ?? "")}
            onChoose={(value) => setUseCase({ confidence: value === "" ? undefined : Number(value) })}
          />
          <ClassWeights />
          <p className={`${textStyles.soft} ${styles.wide}`}>
            Empty fields don't bind. A guarantee tests plans on calibration samples that had no part in
            finding them, which costs some speed. A search takes the use case as it is when it starts.
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ConstraintInput({ constraint }: { readonly constraint: Constraint }) {
  const { field, title, range } = constraint;
  const wanted = useDesign((state) => state.useCase[field]);
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
