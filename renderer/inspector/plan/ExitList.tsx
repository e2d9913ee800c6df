import { formatPercent } from "../../../shared/base/format-number.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { planNetworks } from "../../../shared/model/plan-networks.ts";
import { placeInNetwork, placeOfEnd } from "../../../shared/presentation/words/describe-plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import { usePlaceNames } from "../../state/place-names.ts";
import { select } from "../../state/view-store.ts";
import controlStyles from "../../ui/control.module.css";
import textStyles from "../../ui/text.module.css";
import styles from "./ExitList.module.css";
import { ExitRates } from "./ExitRates.tsx";

/** Where samples leave: one stacked bar, and the exits by name to select, under their networks where there are several. */
export function ExitList() {
  const exits = useDesign((state) => state.exits);
  const chain = useDesign((state) => state.chain);
  const titles = useNetworkTitles();
  const rates = useLive(({ figures }) => figures?.exitRates);
  const end = chain ? placeOfEnd({ chain }, titles) : "the backbone's output";
  return (
    <>
      {rates && <ExitRates rates={rates} />}
      {exits.length === 0 && <NoExits />}
      <ol className={controlStyles.lines}>
        {planNetworks({ exits, chain }, titles.backbone).map(({ member, exits: own, first }) => (
          <NetworkExits
            key={member ?? "backbone"}
            title={chain && own.length > 0 ? titles.short(member) : undefined}
            exits={own}
            first={first}
            rates={rates}
          />
        ))}
        {rates && exits.length > 0 && (
          <li className={styles.end}>
            <b aria-hidden>◆</b>
            <span className={styles.name}>{end}</span>
            <span className={styles.rate}>{formatPercent(rates[exits.length] ?? 0)}</span>
          </li>
        )}
      </ol>
    </>
  );
}

function NoExits() {
  const chain = useDesign((state) => state.chain);
  const titles = useNetworkTitles();
  const whole = chain ? `all of ${chain.map(titles.whole).join(", then ")}` : "the whole backbone";
  return (
    <p className={textStyles.soft}>
      {`Every sample goes through ${whole}, which as the end of a plan also states its confidence. Add an exit at a marker of the graph, or take a plan from the chart.`}
    </p>
  );
}

/** @param first of the exits among all of the plan, from 0 */
function NetworkExits({
  title,
  exits,
  first,
  rates,
}: {
  readonly title: string | undefined;
  readonly exits: readonly PlanExit[];
  readonly first: number;
  readonly rates: readonly number[] | undefined;
}) {
  const places = usePlaceNames();
  return (
    <>
      {title !== undefined && (
        <li className={styles.network}>
          <bdi>{title}</bdi>
        </li>
      )}
      {exits.map((exit, index) => {
        const { member, cutPoint, threshold } = exit;
        const place = first + index;
        return (
          <li key={`${member} ${cutPoint}`}>
            <button
              type="button"
              className={styles.exit}
              onClick={() => select({ kind: "exit", member, cutPoint })}
            >
              <b>{place + 1}</b>
              <span className={styles.name} title={cutPoint}>
                <bdi>{placeInNetwork(exit, places)}</bdi>
              </span>
              <span className={styles.threshold}>≥ {threshold.toFixed(3)}</span>
              {rates && <span className={styles.rate}>{formatPercent(rates[place] ?? 0)}</span>}
            </button>
          </li>
        );
      })}
    </>
  );
}
