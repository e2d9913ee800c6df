import { CornerLeftUp } from "lucide-react";
import { useMemo } from "react";
import { useNetwork } from "../../state/current-graph.ts";
import { useOfNetwork } from "../../state/of-network.ts";
import { type OfNetwork, select } from "../../state/view-store.ts";
import { IconButton } from "../../ui/Button.tsx";
import { Facts } from "../pieces/Facts.tsx";
import { Header } from "../pieces/Header.tsx";
import { Section } from "../pieces/Section.tsx";
import { PlanSummary } from "../plan/PlanSummary.tsx";
import { CutPointSection } from "./CutPointSection.tsx";
import { costFacts } from "./cost-facts.ts";
import { TensorList } from "./TensorList.tsx";
import { tensorsOf } from "./tensor-shapes.ts";
import { useWholeCost } from "./use-whole-cost.ts";
import { WeightSection } from "./WeightSection.tsx";

/** One operator of a network: costs, shapes, attributes, and the cut point that it makes, if it makes one. */
export function OperatorInspector({ member, node: name }: OfNetwork & { readonly node: string }) {
  const network = useNetwork(member);
  const summary = network?.summary;
  const whole = useWholeCost(member);
  const ofNetwork = useOfNetwork(member);
  const tensors = useMemo(() => summary && tensorsOf(summary), [summary]);
  const block = network?.blocks.find(({ nodes }) => nodes.some((other) => other.name === name));
  const place = block?.nodes.findIndex((other) => other.name === name) ?? -1;
  const node = block?.nodes[place];
  if (!summary || !tensors || !block || !node) return <PlanSummary />;
  const cut = summary.cutPoints.find((other) => other.node === name);
  const attributes = Object.entries(node.attributes).map(([label, value]) => ({ label, value }));
  return (
    <>
      <Header kind={node.operator} note={`in block ${block.index}${ofNetwork}`} name={name}>
        <IconButton
          label={`Show block ${block.index}`}
          onClick={() => select({ kind: "block", member, block: block.id })}
        >
          <CornerLeftUp size={15} />
        </IconButton>
      </Header>
      <Section id="operator.costs" title="Costs">
        <Facts facts={costFacts(block.costs[place], whole)} />
      </Section>
      <Section id="operator.tensors" title="Shapes">
        <TensorList title="In" names={node.inputs} tensors={tensors} />
        <TensorList title="Out" names={node.outputs.map((output) => output.name)} tensors={tensors} />
      </Section>
      {attributes.length > 0 && (
        <Section id="operator.attributes" title="Attributes">
          <Facts facts={attributes} />
        </Section>
      )}
      <WeightSection member={member} node={name} />
      {cut && <CutPointSection member={member} cut={cut} />}
    </>
  );
}
