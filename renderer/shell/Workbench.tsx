import { useEffect } from "react";
import { Group, Panel, Separator, usePanelRef } from "react-resizable-panels";
import { ParetoView } from "../chart/view/ParetoView.tsx";
import { GraphView } from "../graph/view/GraphView.tsx";
import { Inspector } from "../inspector/Inspector.tsx";
import { PlansView } from "../plans/PlansView.tsx";
import { Rail } from "../stages/Rail.tsx";
import { setPanes } from "../state/panes.ts";
import { useRemembered, useSettings } from "../state/settings-store.ts";
import { openPanel, useView } from "../state/view-store.ts";
import layoutStyles from "../ui/layout.module.css";
import { StagePanel } from "./StagePanel.tsx";
import { StatusBar } from "./StatusBar.tsx";
import { TopBar } from "./TopBar.tsx";
import styles from "./Workbench.module.css";

type Layout = Readonly<Record<string, number>>;

/** The window with a project: graph above, chart and plans below, inspector or a stage's panel to the right. */
export function Workbench() {
  const panel = useView((state) => state.panel);
  const hidden = useSettings((state) => state.hiddenPanes);
  const [columns, setColumns] = useRemembered<Layout>("layout.columns", { main: 74, side: 26 });
  const [rows, setRows] = useRemembered<Layout>("layout.rows", { graph: 50, charts: 50 });
  const [charts, setCharts] = useRemembered<Layout>("layout.charts", { pareto: 50, plans: 50 });
  const isShown = { chart: !hidden.includes("chart"), plans: !hidden.includes("plans") };
  const hasCharts = isShown.chart || isShown.plans;
  // A stage's panel shows itself where the inspector is hidden.
  const side = useCollapsing(panel !== null || !hidden.includes("inspector"), (isOpen) => {
    openPanel(null);
    setPanes({ inspector: isOpen });
  });
  const graph = useCollapsing(!hidden.includes("graph"), (isOpen) => setPanes({ graph: isOpen }));
  const below = useCollapsing(hasCharts, (isOpen) => setPanes({ chart: isOpen, plans: isOpen }));
  const chart = useCollapsing(isShown.chart, (isOpen) => setPanes({ chart: isOpen }), hasCharts);
  const plans = useCollapsing(isShown.plans, (isOpen) => setPanes({ plans: isOpen }), hasCharts);
  return (
    <div className={layoutStyles.fill}>
      <TopBar />
      <div className={styles.middle}>
        {!hidden.includes("stages") && <Rail />}
        <Group
          className={layoutStyles.space}
          orientation="horizontal"
          defaultLayout={columns}
          onLayoutChanged={setColumns}
        >
          <Panel id="main" minSize="420px">
            <Group orientation="vertical" defaultLayout={rows} onLayoutChanged={setRows}>
              <Panel id="graph" data-pane minSize="140px" className={styles.pane} {...graph}>
                <GraphView />
              </Panel>
              <Separator className={styles.horizontalLine} />
              <Panel id="charts" minSize="140px" {...below}>
                <Group orientation="horizontal" defaultLayout={charts} onLayoutChanged={setCharts}>
                  <Panel
                    id="pareto"
                    data-pane
                    data-tour="chart"
                    minSize="280px"
                    className={styles.pane}
                    {...chart}
                  >
                    <ParetoView />
                  </Panel>
                  <Separator className={styles.verticalLine} />
                  <Panel id="plans" data-pane minSize="180px" className={styles.pane} {...plans}>
                    <PlansView />
                  </Panel>
                </Group>
              </Panel>
            </Group>
          </Panel>
          <Separator className={styles.verticalLine} />
          <Panel id="side" data-pane minSize="272px" maxSize="560px" className={styles.pane} {...side}>
            {panel ? <StagePanel name={panel} /> : <Inspector />}
          </Panel>
        </Group>
      </div>
      <StatusBar />
    </div>
  );
}

/**
 * Makes a panel open and close as it is wanted.
 * @param onDragged told when the person drags it shut or open
 * @param isActive whether it follows; what lies in a closed panel keeps its sizes
 */
function useCollapsing(isWanted: boolean, onDragged: (isOpen: boolean) => void, isActive = true) {
  const panelRef = usePanelRef();
  useEffect(() => {
    if (!isActive) return;
    if (isWanted) panelRef.current?.expand();
    else panelRef.current?.collapse();
  }, [panelRef, isWanted, isActive]);
  return {
    panelRef,
    collapsible: true,
    onResize: ({ asPercentage: size }: { readonly asPercentage: number }) => {
      if (isActive && size > 0 !== isWanted) onDragged(size > 0);
    },
  };
}
