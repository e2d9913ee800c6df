import { formatFactor, formatMs, formatPercent } from "../../shared/base/format-number.ts";
import { figuresOf } from "../../shared/evaluate/live/place-exits.ts";
import { neverReached } from "../../shared/memory/exit-outputs.ts";
import { ensemblePolicy } from "../../shared/model/plan.ts";
import { describeChain, whereExitStands } from "../../shared/presentation/words/describe-plan.ts";
import { findSpace } from "../../shared/space/design-space.ts";
import { useChosenOn } from "../state/chosen-on.ts";
import { useDesign } from "../state/design-store.ts";
import { useEngine } from "../state/engine-store.ts";
import { useLive } from "../state/live-store.ts";
import { usePartitionNames } from "../state/partition-names.ts";
import { usePlaceNames } from "../state/place-names.ts";
import type { Fitted } from "../state/stages/export-form.ts";
import { useTargetProfile } from "../state/target-profile.ts";
import { useTargetTitles } from "../state/target-titles.ts";
import textStyles from "../ui/text.module.css";
import styles from "./ExportDialog.module.css";

interface PlanLineProps {
  /** Of the live plan whose exits answer together, if they do. */
  readonly together: Fitted | undefined;
}

/** The plan that is exported, in words, and what is predicted of it. */
export function PlanLine({ together }: PlanLineProps) {
  const alone = useDesign((design) => design.exits);
  const exits = together?.plan.exits ?? alone;
  const chain = useDesign((design) => design.chain);
  const places = usePlaceNames();
  const cut = useDesign((design) => design.offload?.cut);
  const cutMember = useDesign((design) => design.offload?.cutMember);
  const { figures: live, partitionSpaces, backbone } = useLive();
  const device = cut === undefined ? undefined : findSpace(partitionSpaces, { chain });
  const figures = together?.together ?? (cut === undefined ? live : device && figuresOf(device.space, alone));
  const policies = useEngine(({ offers }) => offers?.policies ?? []);
  const policyTitle = (id: string) =>
    id === ensemblePolicy ? "together" : (policies.find((policy) => policy.id === id)?.title ?? id);
  const stands = exits.map((exit) => {
    const { threshold, policy } = exit;
    const leaving =
      threshold === neverReached ? "nobody leaves" : `${policyTitle(policy)} ≥ ${threshold.toFixed(3)}`;
    return `${whereExitStands(exit, { chain }, places)} (${leaving})`;
  });
  const profile = useTargetProfile();
  const titles = useTargetTitles();
  const partitionName = usePartitionNames();
  const chosenOn = useChosenOn();
  const where = together ? "on the calibration split" : chosenOn.where;
  return (
    <div className={styles.plan}>
      <p>
        {exits.length === 0 ? (
          <strong>
            {chain
              ? `No exits: ${describeChain({ chain }, places.networks)}.`
              : "No exits: the backbone as it is."}
          </strong>
        ) : (
          <>
            <strong>
              {exits.length} {exits.length === 1 ? "exit" : "exits"}:
            </strong>{" "}
            {stands.join(", ")}
          </>
        )}
      </p>
      {chain && chain.length > 1 && (
        <p className={textStyles.soft}>
          {`A sample goes through ${describeChain({ chain }, places.networks)}: deployable files hold ${chain.length} networks, training graphs one each.`}
        </p>
      )}
      {figures && backbone && (
        <p className={textStyles.soft}>
          Predicted {where}: {formatPercent(figures.accuracy)}, {formatMs(figures.latencyMs.mean)} mean,{" "}
          {formatFactor(backbone.latencyMs.mean / figures.latencyMs.mean)} as fast as the backbone
        </p>
      )}
      {profile && <p className={textStyles.soft}>Target: {titles.whole(profile.id)}</p>}
      {cut !== undefined && (
        <p className={textStyles.soft}>
          {`The server takes over ${partitionName({ chain, cut, cutMember })}. Staged models are split there, other files hold the whole network; all are predicted and measured on this target alone.`}
        </p>
      )}
    </div>
  );
}
