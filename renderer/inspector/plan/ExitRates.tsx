import { formatPercent } from "../../../shared/base/format-number.ts";
import { planNetworks } from "../../../shared/model/plan-networks.ts";
import { exitRatesOf } from "../../../shared/presentation/exits/exit-rates.ts";
import { placeOfEnd } from "../../../shared/presentation/words/describe-plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import styles from "./ExitRates.module.css";

/** Shares of the bar that are wide enough for a number, and for its rate as well. */
const wideEnough = { number: 0.06, rate: 0.22 } as const;

/** Share of samples that leaves at each exit, as one bar; the backbone's own output last. */
export function ExitRates({ rates }: { readonly rates: readonly number[] }) {
  const exits = useDesign((state) => state.exits);
  const chain = useDesign((state) => state.chain);
  const titles = useNetworkTitles();
  const parts = exitRatesOf(rates, chain && placeOfEnd({ chain }, titles));
  const networks = planNetworks({ exits, chain }, titles.backbone);
  /** Of the network in which an output is, where there are several. */
  const whose = (index: number) => {
    const network = networks.findLast(({ first, outputs }) => outputs > 0 && first <= index);
    return chain && network ? ` in ${titles.short(network.member)}` : "";
  };
  const beginsNetwork = (index: number) => index > 0 && whose(index) !== whose(index - 1);
  const named = parts.map((part, index) => ({
    ...part,
    name: part.isBackbone ? part.name : `${part.name}${whose(index)}`,
  }));
  const words = named.map(({ name, text }) => `${name} ${text}`).join(", ");
  return (
    <div className={styles.bar} role="img" aria-label={`Exit rates: ${words}`}>
      {named.map(({ name, isBackbone, rate, text }, index) => (
        <div
          key={name}
          className={`${isBackbone ? styles.backbone : styles.exit} ${beginsNetwork(index) ? styles.next : ""}`}
          style={{ flexGrow: rate }}
          title={`${name}: ${text}`}
        >
          {rate >= wideEnough.number && (isBackbone ? "◆" : index + 1)}
          {rate >= wideEnough.rate && <span> · {formatPercent(rate, 0)}</span>}
        </div>
      ))}
    </div>
  );
}
