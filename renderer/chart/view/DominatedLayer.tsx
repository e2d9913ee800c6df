import { memo, useEffect, useRef } from "react";
import { type ChartFrame, isInPlot, pixelOf } from "../../../shared/presentation/chart/chart-frame.ts";
import { markAreaOf, type SeriesLayer } from "../../../shared/presentation/chart/series-layers.ts";
import { evaluatedMark, markPath, ringed } from "../../../shared/presentation/drawing/marks.ts";
import { tokenColour, useTheme } from "../../ui/theme-colours.ts";
import styles from "./ParetoChart.module.css";

interface DominatedLayerProps {
  readonly frame: ChartFrame;
  readonly layers: readonly SeriesLayer[];
  /** Pairs of accuracy and the axis' latency; empty on other axes. */
  readonly evaluated: Float32Array;
}

/** Plans that something beats, on one canvas under the fronts: there may be thousands. */
export const DominatedLayer = memo(function DominatedLayer({
  frame,
  layers,
  evaluated,
}: DominatedLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the tokens stand for
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const { width, height, box } = frame;
    const ratio = window.devicePixelRatio;
    context.canvas.width = width * ratio;
    context.canvas.height = height * ratio;
    context.scale(ratio, ratio);
    context.beginPath();
    context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.clip();
    drawEvaluated(context, frame, evaluated);
    for (const layer of layers) drawDominated(context, frame, layer);
  }, [frame, layers, evaluated, theme]);
  return (
    <canvas ref={canvas} className={styles.layer} style={{ width: frame.width, height: frame.height }} />
  );
});

function drawEvaluated(context: CanvasRenderingContext2D, frame: ChartFrame, evaluated: Float32Array): void {
  context.fillStyle = tokenColour(evaluatedMark.colour);
  // The more there are, the fainter each is, so that thousands don't hide what they lie under.
  context.globalAlpha = evaluated.length > 8000 ? 0.16 : 0.32;
  for (let pair = 0; pair + 1 < evaluated.length; pair += 2) {
    const at = pixelOf(frame, { x: evaluated[pair + 1], y: evaluated[pair] });
    if (isInPlot(frame, at)) context.fillRect(at.left - 1, at.top - 1, 2, 2);
  }
}

function drawDominated(
  context: CanvasRenderingContext2D,
  frame: ChartFrame,
  { series, dominated }: SeriesLayer,
): void {
  const { mark, role } = series;
  const colour = tokenColour(mark.colour);
  const pixels = dominated.map((plan) => pixelOf(frame, plan));
  context.globalAlpha = 0.45;
  context.strokeStyle = colour;
  if (role === "scheme") {
    context.lineWidth = 1;
    context.beginPath();
    for (const { left, top } of pixels) context.lineTo(left, top);
    context.stroke();
  }
  const area = role === "scheme" ? markAreaOf(series) : 18;
  const [plain, withRing] = [mark, ringed(mark)].map((own) => new Path2D(markPath(own, area)));
  context.globalAlpha = role === "scheme" ? 0.9 : 0.5;
  context.fillStyle = colour;
  context.lineWidth = 1.2;
  dominated.forEach(({ plan }, index) => {
    const at = pixels[index];
    if (!isInPlot(frame, at, 4)) return;
    const path = plan.chain ? withRing : plain;
    context.save();
    context.translate(at.left, at.top);
    if (mark.open) context.stroke(path);
    else context.fill(path);
    context.restore();
  });
}
