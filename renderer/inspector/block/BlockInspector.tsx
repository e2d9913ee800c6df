import { useMemo } from "react";
import { distinctNames, withoutCommonEnds } from "../../../shared/presentation/words/short-names.ts";
import { useNetwork } from "../../state/current-graph.ts";
import { useOfNetwork } from "../../state/of-network.ts";
import { type OfNetwork, select } from "../../state/view-store.ts";
import controlStyles from "../../ui/control.module.css";
import textStyles from "../../ui/text.module.css";
import { Facts } from "../pieces/Facts.tsx";
import { Header } from "../pieces/Header.tsx";
import { Section } from "../pieces/Section.tsx";
import { PlanSummary } from "../plan/PlanSummary.tsx";
import styles from "./BlockInspector.module.css";
import { CutPointSection } from "./CutPointSection.tsx";
import { costFacts } from "./cost-facts.ts";
import { TensorList } from "./TensorList.tsx";
import { bordersOf, describeOperators, tensorsOf } from "./tensor-shapes.ts";
import { useWholeCost } from "./use-whole-cost.ts";

/** The operators between two cut points: costs, shapes, and the cut point behind them. */
export function BlockInspector({ member, block: id }: OfNetwork & { readonly block: string }) {
  const network = useNetwork(member);
  const summary = network?.summary;
  const whole = useWholeCost(member);
  const ofNetwork = useOfNetwork(member);
  const tensors = useMemo(() => summary && tensorsOf(summary), [summary]);
  const block = network?.blocks.find((candidate) => candidate.id === id);
  if (!network || !summary || !tensors || !block) return <PlanSummary />;
  const shortNames = distinctNames(withoutCommonEnds(block.nodes.map(({ name }) => name)));
  const { inputs, outputs } = bordersOf(block.nodes, summary);
  return (
    <>
      <Header
        kind={`Block ${block.index}`}
        note={`of 0 to ${network.blocks.length - 1}${ofNetwork}`}
        name={block.label}
      />
      <Section id="block.costs" title="Costs">
        <Facts facts={costFacts(block.cost, whole)} />
      </Section>
      {block.cutPoint && <CutPointSection member={member} cut={block.cutPoint} />}
      <Section id="block.tensors" title="Shapes">
        <TensorList title="In" names={inputs} tensors={tensors} />
        <TensorList title="Out" names={outputs} tensors={tensors} />
      </Section>
      <Section id="block.operators" title="Operators" note={`${block.nodes.length}`}>
        <p className={textStyles.soft}>{describeOperators(block.nodes)}</p>
        <ol className={controlStyles.lines}>
          {block.nodes.map(({ name, operator }, index) => (
            <li key={name}>
              <button
                type="button"
                className={styles.operator}
                title={name}
                onClick={() => select({ kind: "operator", member, node: name })}
              >
                <bdi className={styles.type}>{operator}</bdi>
                <bdi className={styles.name}>{shortNames[index]}</bdi>
              </button>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}
