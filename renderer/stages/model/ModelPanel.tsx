import {
  formatBytes,
  formatCount,
  formatCounted,
  formatPercent,
  formatQuantity,
} from "../../../shared/base/format-number.ts";
import { asSentence } from "../../../shared/base/sentence.ts";
import { type BackboneSummary, featureText, scoresText } from "../../../shared/model/backbone.ts";
import { cameWith } from "../../../shared/presentation/words/ready-exits.ts";
import { chooseOutput, openChosen } from "../../state/documents.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { NextButton } from "../../state/stages/NextStepAction.tsx";
import { useChanging } from "../../state/stages/run-stages.ts";
import { openPanel, selectBesidePanel } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import styles from "../../ui/panel.module.css";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import { Networks } from "./Networks.tsx";

/** What import has found out about the model. */
export function ModelPanel() {
  const project = useOpenProject();
  const changing = useChanging();
  const { backbone } = project;
  const hasHeads = project.heads.length > 0;
  return (
    <>
      <section className={styles.section}>
        {backbone.warnings.map(({ code, text }) => (
          <div key={code} className={surfaceStyles.warning}>
            {asSentence(text)}
          </div>
        ))}
        <dl className={styles.facts}>
          {factsOf(backbone).map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
          {project.modelPath && <Fact name="File" value={project.modelPath} />}
          {project.projectPath && <Fact name="Project" value={project.projectPath} />}
        </dl>
        <div className={layoutStyles.wrap}>
          {!hasHeads && <NextButton after="model" />}
          {backbone.otherOutputs.length > 0 && project.modelPath && (
            <Button disabled={changing} onClick={() => chooseOutput(project)}>
              Other class scores…
            </Button>
          )}
          <Button disabled={changing} onClick={() => void openChosen("model")}>
            Open another model…
          </Button>
        </div>
      </section>
      <Networks />
      <CutPoints backbone={backbone} />
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function factsOf({
  name,
  producer,
  irVersion,
  opset,
  input,
  output,
  precision,
  macs,
  parameters,
  parameterBytes,
  peakActivationBytes,
}: BackboneSummary): [string, string][] {
  const size = `${input.channels} x ${input.height} x ${input.width}`;
  return [
    ["Name", name],
    ["Producer", producer || "not named"],
    ["Format", `IR version ${irVersion}, opset ${opset}`],
    ["Input", `${input.name}: ${size}, ${input.layout}, ${input.type}`],
    ["Batch", input.dynamicBatch ? "any" : "1"],
    [
      "Output",
      `${output.name}: ${formatCount(output.classes)} classes, ${scoresText(output)}, ${output.type}`,
    ],
    ["Precision", precision],
    ["MACs", formatQuantity(macs)],
    ["Parameters", `${formatQuantity(parameters)}, ${formatBytes(parameterBytes)}`],
    ["Activations", `${formatBytes(peakActivationBytes)} at the peak`],
  ];
}

function CutPoints({ backbone: { cutPoints, readyExits, nodes } }: { readonly backbone: BackboneSummary }) {
  return (
    <section className={styles.section}>
      <h3>
        {formatCounted(cutPoints.length, "cut point")} in {formatCounted(nodes.length, "operator")}
      </h3>
      <p className={textStyles.note}>
        Places where an exit head can be attached, in order along the backbone.
      </p>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th>Operator</th>
              <th>Features</th>
              <th className={styles.number}>MACs</th>
            </tr>
          </thead>
          <tbody>
            {cutPoints.map((cut) => (
              <tr key={cut.tensor}>
                <td className={styles.name}>
                  <button
                    type="button"
                    className={`${styles.link} ${styles.ending}`}
                    title={`${cut.tensor}: show it in the graph`}
                    onClick={() => selectBesidePanel({ kind: "operator", node: cut.node })}
                  >
                    <bdi>{cut.node}</bdi>
                  </button>
                </td>
                <td>{featureText(cut, " x ")}</td>
                <td className={styles.number}>{formatPercent(cut.macsShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {readyExits.length > 0 && (
        <div className={layoutStyles.wrap}>
          <p className={textStyles.note}>{cameWith(readyExits.length)}, as further outputs.</p>
          <Button look="quiet" onClick={() => openPanel("heads")}>
            Show them
          </Button>
        </div>
      )}
    </section>
  );
}
