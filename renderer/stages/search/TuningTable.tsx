import { formatFactor, formatPoints } from "../../../shared/base/format-number.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { speedupsByDrop } from "../../../shared/presentation/plans/speedups-by-drop.ts";
import { bestPlanText } from "../../../shared/presentation/words/describe-use-case.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import { useOpenProject } from "../../state/project-store.ts";
import panelStyles from "../../ui/panel.module.css";

/** What plans attain without tuned networks and with them, beside static networks; nothing where none was tuned. */
export function TuningTable({ front }: { readonly front: FrontFile }) {
  const titles = useNetworkTitles();
  const measured = useOpenProject((project) => project.references);
  const references = measured.filter(({ target }) => target === front.profile);
  const rows = speedupsByDrop({ ...front, references }, titles);
  if (rows.length === 0) return null;
  const best = bestPlanText(front.useCase);
  return (
    <section className={panelStyles.section}>
      <h3
        title={`Of the ${best} that loses no more than so much of the original backbone's accuracy, on the samples that plans are chosen on`}
      >
        {front.useCase.axis === "energy" ? "Less energy than the backbone" : "Speed-up over the backbone"}
      </h3>
      <table className={panelStyles.table}>
        <thead>
          <tr>
            <th scope="col">Drop up to</th>
            {["Frozen", "Tuned", "Static"].map((title) => (
              <th key={title} scope="col" className={panelStyles.number}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ dropPp, frozen, tuned, rival }) => (
            <tr key={dropPp}>
              <td>{formatPoints(dropPp)}</td>
              <td className={panelStyles.number}>{formatFactor(frozen)}</td>
              <td className={panelStyles.number}>{formatFactor(tuned)}</td>
              <td className={panelStyles.number} title={rival?.name}>
                {rival ? formatFactor(rival.speedup) : "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
