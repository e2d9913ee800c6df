import { Group, Panel, Separator } from "react-resizable-panels";
import { GraphView } from "../graph/GraphView.tsx";
import { Inspector } from "../inspector/Inspector.tsx";
import { ParetoView } from "../pareto/ParetoView.tsx";
import { PlansView } from "../pareto/PlansView.tsx";
import { Rail } from "../pipeline/Rail.tsx";
import { StagePanel } from "../pipeline/StagePanel.tsx";
import { useRemembered } from "../stores/settings-store.ts";
import { useView } from "../stores/view-store.ts";
import { StatusBar } from "./StatusBar.tsx";
import { TopBar } from "./TopBar.tsx";
import styles from "./Workbench.module.css";

type Layout = Readonly<Record<string, number>>;

/** The window with a project: graph above, chart and plans below, inspector or a stage's panel to the right. */
export function Workbench() {
  const panel = useView((state) => state.panel);
  const [columns, setColumns] = useRemembered<Layout>("layout.columns", { main: 74, side: 26 });
  const [rows, setRows] = useRemembered<Layout>("layout.rows", { graph: 50, charts: 50 });
  const [charts, setCharts] = useRemembered<Layout>("layout.charts", { pareto: 60, plans: 40 });
  return (
    <div className={styles.workbench}>
      <TopBar />
      <div className={styles.middle}>
        <Rail />
        <Group
          className={styles.columns}
          orientation="horizontal"
          defaultLayout={columns}
          onLayoutChanged={setColumns}
        >
          <Panel id="main" minSize="420px">
            <Group orientation="vertical" defaultLayout={rows} onLayoutChanged={setRows}>
              <Panel id="graph" minSize="140px" className={styles.pane}>
                <GraphView />
              </Panel>
              <Separator className={styles.horizontalLine} />
              <Panel id="charts" minSize="140px" collapsible>
                <Group orientation="horizontal" defaultLayout={charts} onLayoutChanged={setCharts}>
                  <Panel id="pareto" minSize="280px" className={styles.pane}>
                    <ParetoView />
                  </Panel>
                  <Separator className={styles.verticalLine} />
                  <Panel id="plans" minSize="180px" collapsible className={styles.pane}>
                    <PlansView />
                  </Panel>
                </Group>
              </Panel>
            </Group>
          </Panel>
          <Separator className={styles.verticalLine} />
          <Panel id="side" minSize="260px" maxSize="560px" collapsible className={styles.pane}>
            {panel ? <StagePanel name={panel} /> : <Inspector />}
          </Panel>
        </Group>
      </div>
      <StatusBar />
    </div>
  );
}
