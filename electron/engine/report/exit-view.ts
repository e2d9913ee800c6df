import type { OutputQuality } from "../../../shared/files/summary.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import type { Latency } from "../../../shared/model/profile.ts";
import type { ReportData } from "./report-data.ts";

/** One of the plan's exits with all that the run knows about it. */
export interface ExitView {
  /** From 1, in the order that a sample meets them. */
  readonly number: number;
  readonly exit: PlanExit;
  readonly cut: CutPoint | undefined;
  /** Share of the backbone's MACs before the exit, 0-1. */
  readonly macsShare: number;
  readonly prefix: Latency | undefined;
  readonly head: Latency | undefined;
  /** Predicted latency of a sample that leaves here, ms; undefined if the profile lacks a part of it. */
  readonly leaveMs: number | undefined;
  readonly rate: { readonly predicted: number; readonly measured: number };
  readonly quality: OutputQuality | undefined;
}

/** The backbone's own output at the end of the plan. */
export interface FinalView {
  readonly leaveMs: number | undefined;
  readonly rate: { readonly predicted: number; readonly measured: number };
  readonly quality: OutputQuality | undefined;
}

export interface PlanView {
  readonly exits: readonly ExitView[];
  readonly final: FinalView;
}

/** Joins the plan's exits with the backbone, the profile, the rates and the outputs' quality. */
export function viewPlan({ backbone, profile, summary }: ReportData): PlanView {
  const { plan, outputs } = summary;
  const rateOf = (index: number) => ({
    predicted: plan.exitRates.predicted[index] ?? 0,
    measured: plan.exitRates.measured[index] ?? 0,
  });
  let headsMs: number | undefined = 0;
  const exits = plan.exits.map((exit, index): ExitView => {
    const cut = backbone.cutPoints.find(({ tensor }) => tensor === exit.cutPoint);
    const prefix = profile.prefixes.find(({ cutPoint }) => cutPoint === exit.cutPoint);
    const head = profile.heads.find(
      (timed) => timed.cutPoint === exit.cutPoint && timed.head === exit.head && timed.policy === exit.policy,
    );
    headsMs = add(headsMs, head?.meanMs);
    return {
      number: index + 1,
      exit,
      cut,
      macsShare: cut?.macsShare ?? 0,
      prefix,
      head,
      leaveMs: add(headsMs, prefix?.meanMs),
      rate: rateOf(index),
      quality: outputs.find(({ cutPoint, head }) => cutPoint === exit.cutPoint && head === exit.head),
    };
  });
  const final = {
    leaveMs: add(headsMs, profile.final.meanMs),
    rate: rateOf(plan.exits.length),
    quality: outputs.find(({ cutPoint }) => cutPoint === null),
  };
  return { exits, final };
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
