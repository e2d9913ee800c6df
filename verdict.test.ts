import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test } from "vitest";
import { describeFront } from "./electron/cli/commands/search.ts";
import { describeRun } from "./electron/cli/describe-run.ts";
import { renderReport } from "./electron/engine/report/render-report.ts";
import type { ReportData } from "./electron/engine/report/report-data.ts";
import { reportFixture } from "./electron/engine/report/testing/report-fixture.ts";
import { Verification } from "./renderer/export/Verification.tsx";
import { jsx } from "./renderer/ui/jsx-runtime.ts";
import { Statements } from "./renderer/ui/Statements.tsx";
import { summarySchema } from "./shared/files/summary.ts";
import { missesIn, type Statement, tones } from "./shared/model/statement.ts";
import { axes } from "./shared/presentation/chart/axes.ts";
import { namedPoints } from "./shared/presentation/chart/named-points.ts";
import { bestPlan } from "./shared/presentation/plans/best-plan.ts";
import { charted } from "./shared/presentation/testing/test-plans.ts";
import { runIn, type Situation, situations } from "./shared/presentation/verdict/testing/situations.ts";
import { frontEvidence, runEvidence, verdict } from "./shared/presentation/verdict/verdict.ts";
import { verifiedText } from "./shared/presentation/verdict/verified-text.ts";
import { networkTitles } from "./shared/presentation/words/network-titles.ts";

// Whoever shows a verdict shows the same one: here all of them stand beside each other.

let run: ReportData;
beforeAll(async () => {
  run = await reportFixture();
});

/** A run in the situation, its summary as the engine writes it. */
function inSituation(situation: Situation): ReportData {
  const found = runIn(situation, run);
  return { ...found, summary: { ...found.summary, verdict: verdict(runEvidence(found)) } };
}

/** As the window renders it, where words of the glossary explain themselves. */
function markupOf(children: ReactNode): string {
  return renderToStaticMarkup(jsx(Tooltip.Provider, { children }));
}

const signed = (said: readonly Statement[]) => said.map(({ tone, text }) => `${tones[tone].sign} ${text}`);
const spoken = (said: readonly Statement[]) => said.map(({ tone, text }) => `${tones[tone].word}: ${text}`);

/** What a person reads of markup: tags and entities are gone. */
function visibleText(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, "")
    .replaceAll("&#39;", "'")
    .replaceAll("&#x27;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

function listed(list: string | undefined): string[] {
  return [...(list ?? "").matchAll(/<li[^>]*>(.*?)<\/li>/gs)].map(([, item]) => visibleText(item));
}

function saidByReport(page: string): string[] {
  const outcome = /<p class="outcome[^>]*>(.*?)<\/p>/s.exec(page)?.[1] ?? "";
  return [visibleText(outcome), ...listed(/<ul class="verdict">(.*?)<\/ul>/s.exec(page)?.[1])];
}

function saidByWindow(markup: string): string[] {
  return listed(/<ul[^>]*aria-label="Verdict">(.*?)<\/ul>/s.exec(markup)?.[1]);
}

/** What stands after the last empty line. */
function lastLines(lines: readonly string[]): string[] {
  return lines.slice(lines.lastIndexOf("") + 1);
}

test("there are twenty situations and more, and each has a name of its own", () => {
  expect(situations.length).toBeGreaterThanOrEqual(20);
  expect(new Set(situations.map(({ name }) => name)).size).toBe(situations.length);
});

describe.each(situations)("$name", (situation) => {
  test("is said in this order and tone", () => {
    const said = verdict(runEvidence(inSituation(situation)));
    expect(said.map(({ id, tone }) => [id, tone])).toEqual(situation.said);
    expect(said.map(({ text }) => text).join("\n")).toMatch(situation.words);
    for (const { values } of said)
      for (const value of Object.values(values)) expect(value).toEqual(expect.any(Number));
  });

  test("is said alike by report, terminal, window, clipboard and summary.json", () => {
    const data = inSituation(situation);
    const { summary } = data;
    const said = summary.verdict;
    expect(saidByReport(renderReport(data))).toEqual(signed(said));
    expect(lastLines(describeRun(data, "out"))).toEqual(signed(said));
    expect(saidByWindow(markupOf(jsx(Verification, { verification: summary, points: [] })))).toEqual(
      spoken(said),
    );
    expect(verifiedText(said, summary).split("\n").slice(0, said.length)).toEqual(signed(said));
    expect(summarySchema.parse(JSON.parse(JSON.stringify(summary))).verdict).toEqual(said);
  });

  test("before it is measured, is said alike by terminal and window, and named alike by the chart", () => {
    const { front, backbone, summary, ...data } = inSituation(situation);
    const profile = { ...data.profile, quality: summary.profileQuality };
    const networks = summary.networks?.map((one) => ({ ...one, graphSha256: one.sha256 }));
    const said = verdict(frontEvidence({ front, backbone, trust: summary.trust, profile, networks }));
    const lines = describeFront(front, said, { networks });
    expect(lastLines(lines)).toEqual(signed(said));
    expect(saidByWindow(markupOf(jsx(Statements, { statements: said })))).toEqual(spoken(said));

    const misses = missesIn(said).length > 0;
    expect(lines).toContain(misses ? "nearest plan" : "recommended plan");
    const { useCase, recommended } = front;
    const plan = charted("a", 0.93, 0.38, { figures: recommended.figures });
    const best = bestPlan([plan], useCase, front.backbone.accuracy)!;
    expect(best.feasible).toBe(!misses);
    const point = { ...front.backbone, macs: 1000, bytes: 500 };
    const shown = {
      backbone: point,
      references: [],
      pinned: [],
      best,
      guaranteed: null,
      titles: networkTitles([]),
    };
    expect(namedPoints(shown, axes.mean)[0].name).toMatch(misses ? /^nearest: / : /^best: /);
  });

  test("a miss is never green, wherever it stands", () => {
    const data = inSituation(situation);
    if (missesIn(data.summary.verdict).length === 0) return;
    expect(renderReport(data)).toContain('<p class="outcome bad">');
    const bar = /<ul class="([^"]*)"/.exec(
      markupOf(jsx(Statements, { statements: data.summary.verdict })),
    )![1];
    expect(bar).toMatch(/bad/);
    expect(bar).not.toMatch(/good/);
  });
});
