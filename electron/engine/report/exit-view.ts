import { type PlanPath, pathMs, planPaths } from "../../../shared/evaluate/plan-paths.ts";
import type { OutputQuality, Summary } from "../../../shared/files/summary.ts";
import type { BackboneSummary, CutPoint } from "../../../shared/model/backbone.ts";
import { outputHead, type PlanExit } from "../../../shared/model/plan.ts";
import type { Latency } from "../../../shared/model/profile.ts";
import { namedByTensor, placeOfEnd, placeOfExit } from "../../../shared/presentation/words/describe-plan.ts";
import type { NetworkTitles } from "../../../shared/presentation/words/network-titles.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";

/** A network that the plan's samples go through. */
export interface NetworkView {
  /** Short. */
  readonly name: string;
  readonly isBackbone: boolean;
  readonly summary: BackboneSummary;
  /** Share of the MACs of all networks of the plan that come before it, and that it has itself, 0-1. */
  readonly start: number;
  readonly share: number;
}

/** One of the plan's exits with all that the run knows about it. */
export interface ExitView {
  /** From 1, in the order that a sample meets them. */
  readonly number: number;
  readonly exit: PlanExit;
  /** Where it stands, in words: the network's name too where there are several. */
  readonly place: string;
  readonly network: NetworkView | undefined;
  readonly cut: CutPoint | undefined;
  /** Share of the MACs of the plan's networks before the exit, 0-1. */
  readonly macsShare: number;
  readonly prefix: Latency | undefined;
  /** Undefined of a network's own output, too. */
  readonly head: Latency | undefined;
  /** Predicted latency of a sample that leaves here, ms; undefined if the profile lacks a part of it. */
  readonly leaveMs: number | undefined;
  readonly rate: { readonly predicted: number; readonly measured: number };
  readonly quality: OutputQuality | undefined;
}

/** The own output of the last network at the end of the plan. */
export interface FinalView {
  readonly place: string;
  readonly leaveMs: number | undefined;
  readonly rate: { readonly predicted: number; readonly measured: number };
  readonly quality: OutputQuality | undefined;
}

export interface PlanView {
  /** In the order in which a sample meets them: the backbone, unless the plan says otherwise. */
  readonly networks: readonly NetworkView[];
  readonly exits: readonly ExitView[];
  readonly final: FinalView;
}

/** Joins the plan's exits with the networks, the profile, the rates and the outputs' quality. */
export function viewPlan(data: ReportData): PlanView {
  const { backbone, profile, summary, members = [] } = data;
  const { plan } = summary;
  const places = namedByTensor(networkTitlesOf(data));
  const networks = viewNetworks(data, places.networks);
  const paths = planPaths(plan, profile, [backbone, ...members]);
  const rateOf = (index: number) => ({
    predicted: plan.exitRates.predicted[index] ?? 0,
    measured: plan.exitRates.measured[index] ?? 0,
  });
  const exits = plan.exits.map((exit, index): ExitView => {
    const network = networks.find(({ isBackbone, summary: { sha256 } }) =>
      exit.member === undefined ? isBackbone : sha256 === exit.member,
    );
    const cut = network?.summary.cutPoints.find(({ tensor }) => tensor === exit.cutPoint);
    const isOutput = exit.head === outputHead;
    const share = isOutput ? 1 : (cut?.macsShare ?? 0);
    return {
      number: index + 1,
      exit,
      place: placeOfExit(exit, plan, places),
      network,
      cut,
      macsShare: network ? network.start + share * network.share : 0,
      ...timesOf(paths?.[index]),
      rate: rateOf(index),
      quality: outputsOf(summary, network).find(({ cutPoint, head }) =>
        isOutput ? cutPoint === null : cutPoint === exit.cutPoint && head === exit.head,
      ),
    };
  });
  const last = networks[networks.length - 1];
  const final = {
    place: plan.chain ? placeOfEnd(plan, places.networks) : "the backbone's output",
    leaveMs: timesOf(paths?.at(-1)).leaveMs,
    rate: rateOf(plan.exits.length),
    quality: outputsOf(summary, last).find(({ cutPoint }) => cutPoint === null),
  };
  return { networks, exits, final };
}

function viewNetworks(
  { backbone, members = [], summary: { plan } }: ReportData,
  titles: NetworkTitles,
): NetworkView[] {
  const all = [backbone, ...members];
  const chain = plan.chain?.flatMap((sha256) => all.find((own) => own.sha256 === sha256) ?? []);
  const passed = chain && chain.length > 0 ? chain : [backbone];
  const total = passed.reduce((sum, { macs }) => sum + macs, 0) || 1;
  let before = 0;
  return passed.map((summary): NetworkView => {
    const start = before / total;
    before += summary.macs;
    const share = passed.length === 1 ? 1 : summary.macs / total;
    return { name: titles.short(summary.sha256), isBackbone: summary === backbone, summary, start, share };
  });
}

/** The quality of a network's outputs; the backbone's where no other is meant. */
export function outputsOf(
  { outputs, networks = [] }: Pick<Summary, "outputs" | "networks">,
  network: Pick<NetworkView, "isBackbone" | "summary"> | undefined,
): readonly OutputQuality[] {
  if (!network || network.isBackbone) return outputs;
  return networks.find(({ sha256 }) => sha256 === network.summary.sha256)?.outputs ?? [];
}

function timesOf(path: PlanPath | undefined): Pick<ExitView, "prefix" | "head" | "leaveMs"> {
  return { prefix: path?.prefix, head: path?.head, leaveMs: path && pathMs(path) };
}
