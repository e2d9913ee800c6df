import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type Constraint, units } from "../../shared/model/constraints.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { describeUseCase } from "../../shared/presentation/words/describe-use-case.ts";
import { setUseCase, useDesign } from "../state/design-store.ts";
import { usePlans } from "../state/plan-store.ts";
import { showUseCase, useView } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { NumberField, SelectField } from "../ui/Field.tsx";
import { Glossed } from "../ui/Glossed.tsx";
import textStyles from "../ui/text.module.css";
import { ClassWeights } from "./ClassWeights.tsx";
import styles from "./UseCaseMenu.module.css";
import {
  confidenceChoices,
  frontChoices,
  isFrontChosen,
  latencyChoices,
  offeredConstraints,
} from "./use-case-choices.ts";

/** The constraints that the best plan has to meet; the chart's lines are the same ones. */
export function UseCaseMenu() {
  const useCase = useDesign((state) => state.useCase);
  const open = useView((state) => state.useCaseOpen);
  const isEnergyKnown = usePlans(({ backbone }) => backbone?.energyMillijoules !== undefined);
  return (
    <Popover.Root open={open} onOpenChange={showUseCase}>
      <Popover.Trigger asChild>
        <Button className={styles.trigger} data-tour="use-case">
          <span className={textStyles.soft}>Use case</span>
          <span className={styles.text}>
            <Glossed>{describeUseCase(useCase)}</Glossed>
          </span>
          <ChevronDown size={14} />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.popover} sideOffset={4} align="start">
          <SelectField
            label="Latency that counts"
            choices={latencyChoices}
            value={useCase.latency}
            onChoose={(value) => setUseCase({ latency: value as UseCase["latency"] })}
          />
          {isFrontChosen(useCase, isEnergyKnown) && (
            <SelectField
              label="Front of"
              choices={frontChoices}
              value={useCase.axis ?? "latency"}
              onChoose={(value) => setUseCase({ axis: value === "energy" ? value : undefined })}
            />
          )}
          {offeredConstraints(useCase, isEnergyKnown).map((constraint) => (
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
