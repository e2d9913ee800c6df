import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import type { UseCase } from "../../shared/domain/use-case.ts";
import { formatBytes, formatMs, formatPercent } from "../../shared/format-number.ts";
import { useDesign } from "../stores/design-store.ts";
import { Button } from "../ui/Button.tsx";
import { NumberField, SelectField } from "../ui/Field.tsx";
import styles from "./UseCaseMenu.module.css";

/** The use case in a few words: `drop <= 0.5 pp, mean <= 0.6 ms`. */
export function describeUseCase({
  latency,
  maxLatencyMs,
  minAccuracy,
  maxDropPp,
  maxBytes,
}: UseCase): string {
  const parts = [
    maxDropPp !== undefined && `drop ≤ ${maxDropPp} pp`,
    minAccuracy !== undefined && `accuracy ≥ ${formatPercent(minAccuracy)}`,
    maxLatencyMs !== undefined && `${latency} ≤ ${formatMs(maxLatencyMs)}`,
    maxBytes !== undefined && `size ≤ ${formatBytes(maxBytes)}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(", ") : `least ${latency} latency`;
}

/** The constraints that the best plan has to meet; the chart's lines are the same ones. */
export function UseCaseMenu() {
  const useCase = useDesign((state) => state.useCase);
  const setUseCase = useDesign((state) => state.setUseCase);
  const { maxBytes, minAccuracy } = useCase;
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
          <NumberField
            label="Largest accuracy drop"
            unit="pp"
            optional
            min={0}
            max={100}
            value={useCase.maxDropPp}
            onCommit={(maxDropPp) => setUseCase({ maxDropPp })}
          />
          <NumberField
            label="Least accuracy"
            unit="%"
            optional
            min={0}
            max={100}
            value={minAccuracy === undefined ? undefined : Number((100 * minAccuracy).toFixed(4))}
            onCommit={(value) => setUseCase({ minAccuracy: value === undefined ? undefined : value / 100 })}
          />
          <NumberField
            label="Latency budget"
            unit="ms"
            optional
            min={1e-6}
            value={useCase.maxLatencyMs}
            onCommit={(maxLatencyMs) => setUseCase({ maxLatencyMs })}
          />
          <NumberField
            label="Largest size of all weights"
            unit="MB"
            optional
            min={1e-6}
            value={maxBytes === undefined ? undefined : maxBytes / 1e6}
            onCommit={(value) => setUseCase({ maxBytes: value === undefined ? undefined : value * 1e6 })}
          />
          <p className={styles.soft}>
            Empty fields don't bind. A search takes the use case as it is when it starts.
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
