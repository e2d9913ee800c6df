import { formatPercent, formatSignedPoints } from "../../base/format-number.ts";
import { type Drawing, group, path, px, rectangle, type Shape, text } from "../drawing/drawing.ts";

/** The share of samples that one of a plan's outputs answers. */
export interface ExitRate {
  /** "exit 1"; of the last one "backbone", or "end" of a plan of several networks. */
  readonly name: string;
  readonly isBackbone: boolean;
  readonly rate: number;
  readonly text: string;
}

/**
 * @param rates of every exit, and of the plan's last output
 * @param end what that one is called
 */
export function exitRatesOf(rates: readonly number[], end = "backbone"): ExitRate[] {
  return rates.map((rate, index) => {
    const isBackbone = index === rates.length - 1;
    const name = isBackbone ? end : `exit ${index + 1}`;
    return { name, isBackbone, rate, text: formatPercent(rate) };
  });
}

const rowHeight = 44;
const barHeight = 13;
const left = 70;
/** Room for the figure at the end of the longest bar, px. */
const figureWidth = 62;

interface PredictedAndMeasured {
  readonly predicted: readonly number[];
  readonly measured: readonly number[];
}

/** Per output the share of samples that it answers: predicted as outline, measured filled. */
export function exitRateBars(
  { predicted, measured }: PredictedAndMeasured,
  width: number,
  end?: string,
): Drawing {
  const [expected, found] = [exitRatesOf(predicted, end), exitRatesOf(measured, end)];
  const maxRate = Math.max(...predicted, ...measured, 0.01);
  const right = (rate: number) => left + (rate / maxRate) * (width - figureWidth - left);
  const height = found.length * rowHeight;
  return {
    width,
    height: height + 4,
    label: "Share of samples that each exit answers, predicted and measured",
    shapes: [
      ...found.map((one, index) => {
        const top = index * rowHeight + 6;
        const change = formatSignedPoints(100 * (one.rate - expected[index].rate));
        return group(
          [
            text({ left: left - 10, top: top + barHeight + 5 }, one.name, {
              fill: "ink",
              anchor: "end",
              strong: true,
            }),
            ...bar(expected[index], top, right, "surface"),
            ...bar(one, top + barHeight + 2, right, "series-live"),
          ],
          `${one.name}: measured ${change} against the prediction`,
        );
      }),
      path(`M${left},0V${height}`, { stroke: "ink-soft" }),
    ],
  };
}

function bar(
  { rate, text: figure }: ExitRate,
  top: number,
  right: (rate: number) => number,
  fill: "surface" | "series-live",
): Shape[] {
  const end = Math.max(left + 0.5, right(rate));
  const box = { left, right: px(end), top, bottom: top + barHeight };
  return [
    rectangle(box, { fill, stroke: "series-live", strokeWidth: 1.25 }),
    text({ left: end + 6, top: top + 11 }, figure, { fill: "ink", strong: true }),
  ];
}
