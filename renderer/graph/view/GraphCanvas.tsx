import "@xyflow/react/dist/base.css";
import { MiniMap, ReactFlow, type ReactFlowInstance, type ReactFlowProps, useStore } from "@xyflow/react";
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useOrderedNetworks } from "../../state/current-graph.ts";
import { useRemembered } from "../../state/settings-store.ts";
import { select } from "../../state/view-store.ts";
import type { Size } from "../geometry/arrange-rows.ts";
import { blockId } from "../geometry/element-ids.ts";
import { exitNodes, type GraphElement, graphNodes } from "../geometry/graph-elements.ts";
import { layoutGraph } from "../geometry/layout.ts";
import { legibility } from "../geometry/legibility.ts";
import type { PlacedBlock, Scene } from "../geometry/scene.ts";
import { connectCanvas, isMovedByHand, moveWith, setMovedByHand, showAround } from "./canvas.ts";
import { useTakenPlaces } from "./current-plan.ts";
import styles from "./GraphCanvas.module.css";
import { GraphTooltip, hideTooltip, showTooltip } from "./GraphTooltip.tsx";
import { activate } from "./graph-actions.ts";
import { useGraph } from "./graph-store.ts";
import { onGraphKey } from "./keys.ts";
import { Lines } from "./Lines.tsx";
import { domId, FoundProvider, HeatProvider } from "./marks.ts";
import { BlockCard } from "./nodes/BlockCard.tsx";
import { BlockFrame } from "./nodes/BlockFrame.tsx";
import { CutMarker } from "./nodes/CutMarker.tsx";
import { ExitPill } from "./nodes/ExitPill.tsx";
import { NetworkHeader } from "./nodes/NetworkHeader.tsx";
import { OperatorCard } from "./nodes/OperatorCard.tsx";
import { InputCard, OutputCard } from "./nodes/Terminal.tsx";
import { SharesProvider } from "./SharesProvider.tsx";
import { useFindings } from "./use-findings.ts";
import { useHeatScale } from "./use-heat-scale.ts";

const nodeTypes = {
  start: InputCard,
  end: OutputCard,
  block: BlockCard,
  frame: BlockFrame,
  operator: OperatorCard,
  cut: CutMarker,
  exit: ExitPill,
  network: NetworkHeader,
};
const proOptions = { hideAttribution: true };
/** Kept out of the component: new ones would draw every node again. */
const handlers: ReactFlowProps<GraphElement> = {
  onNodeMouseEnter: (event, { id }) => showTooltip(id, event.currentTarget),
  onNodeMouseLeave: hideTooltip,
  onNodeClick: (_, { id }) => activate(id),
  onPaneClick: () => select(null),
  onMoveStart: hideTooltip,
  onMove: (event) => event && setMovedByHand(true),
};
/** Given here, not as CSS, because the overview's scale is worked out from it. */
const mapSize = { width: 150, height: 84 };
/** With more nodes than this only those in view are drawn. */
const maxDrawn = 150;

/** The graph itself: pans, zooms, and is one stop of the Tab key, with the arrow keys inside. */
export function GraphCanvas() {
  const [pane, size] = useSize();
  const scene = useScene(size);
  const nodes = useMemo(() => graphNodes(scene), [scene]);
  const taken = useTakenPlaces();
  const allNodes = useMemo(() => [...nodes, ...exitNodes(scene, taken)], [scene, nodes, taken]);
  const [flow, setFlow] = useState<ReactFlowInstance<GraphElement> | null>(null);
  const focus = useGraph((state) => state.focus);
  // What the keyboard was at may be gone: an exit removed elsewhere, an operator of a collapsed block.
  const isFocusShown = allNodes.some(({ id }) => id === focus);
  const label =
    scene.networks.length > 1
      ? "Networks and exits; arrow keys go along a network, and up and down between them"
      : "Backbone and exits; arrow keys go along the backbone";
  useCanvas(flow, scene, pane.current, size);
  return (
    <SharesProvider>
      <HeatProvider value={useHeatScale(scene)}>
        <FoundProvider value={useFindings()}>
          <div
            ref={pane}
            className={styles.pane}
            role="application"
            aria-label={label}
            aria-activedescendant={isFocusShown ? domId(focus) : undefined}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keyboard
            tabIndex={0}
            data-pane-entry
            onKeyDown={onGraphKey}
          >
            <ReactFlow<GraphElement>
              nodes={allNodes}
              nodeTypes={nodeTypes}
              onInit={setFlow}
              {...handlers}
              onlyRenderVisibleElements={allNodes.length > maxDrawn}
              nodesDraggable={false}
              nodesConnectable={false}
              nodesFocusable={false}
              edgesFocusable={false}
              elementsSelectable={false}
              zoomOnDoubleClick={false}
              disableKeyboardA11y
              deleteKeyCode={null}
              selectionKeyCode={null}
              multiSelectionKeyCode={null}
              panActivationKeyCode={null}
              zoomActivationKeyCode={null}
              minZoom={0.05}
              maxZoom={3}
              proOptions={proOptions}
            >
              <Lines scene={scene} exits={taken} />
              <Overview scene={scene} />
              <Legibility pane={pane} />
            </ReactFlow>
            <GraphTooltip />
          </div>
        </FoundProvider>
      </HeatProvider>
    </SharesProvider>
  );
}

function useSize() {
  const element = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element.current!;
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  return [element, size] as const;
}

function useScene(size: Size): Scene {
  const networks = useOrderedNetworks();
  const layouts = useGraph((state) => state.layouts);
  return useMemo(() => layoutGraph(networks, layouts, size), [networks, layouts, size]);
}

/** Lets commands act on what is drawn, and keeps in view what was. */
function useCanvas(
  flow: ReactFlowInstance<GraphElement> | null,
  scene: Scene,
  pane: HTMLElement | null,
  size: Size,
): void {
  const before = useRef<Scene>(scene);
  useLayoutEffect(() => {
    connectCanvas(flow && pane && { flow, scene, pane });
    if (!flow) return;
    const changed = changedBlock(before.current, scene);
    if (!isMovedByHand()) showAround(changed && blockId(changed.now.block));
    else if (changed) moveWith(changed.now.x - changed.before.x, changed.now.y - changed.before.y);
    before.current = scene;
  }, [flow, scene, pane]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size is the reason to fit
  useLayoutEffect(() => {
    if (!isMovedByHand()) showAround();
  }, [size]);
  useEffect(
    () => () => {
      connectCanvas(null);
      setMovedByHand(false);
    },
    [],
  );
}

/** The first block that was expanded or collapsed. */
function changedBlock(before: Scene, after: Scene) {
  const placed = new Map(before.blocks.map((old): [string, PlacedBlock] => [blockId(old.block), old]));
  for (const now of after.blocks) {
    const old = placed.get(blockId(now.block));
    if (old && old.expanded !== now.expanded) return { before: old, now };
  }
  return undefined;
}

/** Says on the pane how large text has to be at this zoom; the elements' styles follow without being drawn again. */
function Legibility({ pane }: { readonly pane: RefObject<HTMLElement | null> }) {
  const zoom = useStore(({ transform }) => transform[2]);
  useLayoutEffect(() => {
    const { labels, leastPx } = legibility(zoom);
    pane.current?.style.setProperty("--least-text", `${leastPx}px`);
    pane.current?.setAttribute("data-labels", labels);
  }, [zoom, pane]);
  return null;
}

/** An overview, while there is more than is in view. */
function Overview({ scene }: { readonly scene: Scene }) {
  const [wanted] = useRemembered("graph.minimap", true);
  const partial = useStore(({ transform: [x, y, zoom], width, height }) => {
    const slack = 4;
    return (
      x < -slack ||
      y < -slack ||
      x + scene.width * zoom > width + slack ||
      y + scene.height * zoom > height + slack
    );
  });
  if (!wanted || !partial) return null;
  return (
    <MiniMap<GraphElement>
      className={styles.map}
      style={mapSize}
      pannable
      zoomable
      nodeClassName={({ type }) => styles[`map-${type}`] ?? ""}
      nodeStrokeWidth={0}
      ariaLabel="Overview of the graph"
      onClick={() => setMovedByHand(true)}
    />
  );
}
