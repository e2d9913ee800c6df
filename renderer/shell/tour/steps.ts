import { useDesign } from "../../state/design-store.ts";
import { setPanes } from "../../state/panes.ts";
import { openPanel, select } from "../../state/view-store.ts";
import type { Side } from "../../ui/place-beside.ts";

export interface TourStep {
  readonly title: string;
  readonly text: string;
  /** The control that it speaks of. */
  readonly anchor: string;
  /** Where there is room for words beside it. */
  readonly prefer: readonly Side[];
  /** Brings that control into sight. */
  show?(): void;
}

/** From where a network may stop to the file that does, a control a step. */
export const tourSteps: readonly TourStep[] = [
  {
    title: "Exits are where the network may stop",
    text: "Easy images leave at an exit, so they cost less; the line behind it is as wide as the share that goes on. Drag an exit along the network, or click a + to place another.",
    anchor: '[data-tour="exit"]',
    prefer: ["below", "right", "above", "left"],
    show: () => setPanes({ graph: true }),
  },
  {
    title: "The threshold says how sure is sure enough",
    text: "Who is surer than this leaves here. Drag the line: right and wrong answers, accuracy and latency follow at once, computed from every calibration image.",
    anchor: '[data-tour="exit.threshold"]',
    prefer: ["left", "above", "below", "right"],
    show: showFirstExit,
  },
  {
    title: "The front is what nothing else beats",
    text: "Each point is a plan: further up is more accurate, further left is faster. The line joins those that no other beats in both; the vermilion point is yours, and moves as you design. Click a point to take it.",
    anchor: '[data-tour="chart"]',
    prefer: ["right", "above", "left", "below"],
    show: () => setPanes({ chart: true }),
  },
  {
    title: "The use case picks one of them",
    text: "Say what your product allows: a drop in accuracy, a latency, a size. The best plan within these limits is the one to take, and the chart shows the limits as lines.",
    anchor: '[data-tour="use-case"]',
    prefer: ["below", "right", "left", "above"],
  },
  {
    title: "Export writes a network that does it",
    text: "The plan becomes ONNX files that run without Offramp. They are run on images that no choice was made on, and what was measured stands beside what was predicted.",
    anchor: '[data-tour="export"]',
    prefer: ["below", "left", "right", "above"],
  },
];

function showFirstExit(): void {
  const [exit] = useDesign.getState().exits;
  openPanel(null);
  setPanes({ inspector: true });
  if (exit) select({ kind: "exit", cutPoint: exit.cutPoint, member: exit.member });
}
