/**
 * What do policies with memory gain at a plan's own exits? Patience, geometric ensembles, learned scores and a learned scheduler
 * beside plain thresholds: all are fitted and their thresholds chosen on the calibration split, and reported on the test split.
 *
 *     npm run bench -- memory [--json] [--project FILE [--data PATH]] [--plan plan.json] [--exits 3] [--drop 0.5]
 *         [--levels 64] [--drops 0,0.5,1] [--profile FILE] [--cache FOLDER]
 *
 * Without a project it is the sample, without a plan the fastest one of so many exits in the backbone that loses at most `--drop`
 * points without memory. Latencies are the project's own profile's unless another is given.
 */
import { parseArgs } from "node:util";
import { choosePlan } from "../../electron/cli/choose-plan.ts";
import { chooseProfile } from "../../electron/cli/choose-profile.ts";
import { defaultCacheFolder, StageCache, searchInputs } from "../../electron/engine/index.ts";
import { searchSpaces } from "../../electron/engine/search/search-inputs.ts";
import { geometricEnsemble } from "../../shared/memory/geometric-ensemble.ts";
import { memoryKinds } from "../../shared/memory/index.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { searchOptionsSchema } from "../../shared/model/stage-options.ts";
import { useCaseSchema } from "../../shared/model/use-case.ts";
import { recommend } from "../../shared/search/engine/recommend.ts";
import { toPlanExits } from "../../shared/space/plan-exits.ts";
import { type BenchedProject, benchedProject } from "../plans/benched-project.ts";
import { list, machine, say, toldStages } from "../plans/command.ts";
import { searchExactly } from "../plans/kinds-of-plans.ts";
import { ensembleShare } from "./arithmetic.ts";
import { type Contender, comparePolicies, type PolicyFigures } from "./compare-policies.ts";
import { type Described, describePolicies } from "./describe-policies.ts";
import { plansOfKind, plansOfSchedulers } from "./memory-plans.ts";
import { placePlan } from "./place-plan.ts";

const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    project: { type: "string" },
    data: { type: "string" },
    plan: { type: "string" },
    exits: { type: "string", default: "3" },
    drop: { type: "string", default: "0.5" },
    levels: { type: "string", default: "64" },
    drops: { type: "string", default: "0,0.5,1" },
    profile: { type: "string" },
    cache: { type: "string", default: defaultCacheFolder() },
  },
});

/** The search of the placement says what is left after so many seconds. */
const limitSeconds = 300;
const cache = new StageCache(asked.cache);
const stages = toldStages(cache);
const started = performance.now();
const opened = await benchedProject(asked, cache);
const profile = await chooseProfile(opened.project, asked.profile, asked.project ?? "the sample");
try {
  const benched = { ...opened, profile };
  const plan = asked.plan ? await choosePlan(opened.project, asked.plan, "") : await fastestPlan(benched);
  const splits = await placePlan(benched, plan, Number(asked.levels), stages);
  const arithmeticMs = await ensembleCosts(opened.project, plan.exits.length + 1);
  const contenders: Contender[] = [];
  for (const kind of memoryKinds) {
    say(kind.title);
    const extraMs = (outputs: number) => (kind === geometricEnsemble ? arithmeticMs[outputs - 1] : 0);
    contenders.push({ title: kind.title, plans: await plansOfKind(splits, kind, extraMs) });
  }
  say("learned scheduler");
  contenders.push({ title: "learned scheduler", plans: plansOfSchedulers(splits) });
  const policies = comparePolicies(splits, contenders, list(asked.drops).map(Number));
  const about = { machine: machine(started), plan, profile, splits, arithmeticMs };
  if (asked.json) printJson(about, policies);
  else console.log(describePolicies(about, policies));
} finally {
  await opened.data.source.close();
}

/** The fastest plan without memory that keeps the drop wanted. */
async function fastestPlan({ project, profile }: BenchedProject): Promise<PartitionedPlan> {
  say("search");
  const useCase = useCaseSchema.parse({ maxDropPp: Number(asked.drop) });
  const options = searchOptionsSchema.parse({ policies: ["top1"], maxExits: Number(asked.exits), useCase });
  const [alone] = searchSpaces(searchInputs(project, "calibration", profile), options);
  const { front } = await searchExactly([alone], "best", useCase, limitSeconds);
  const { point } = recommend(alone.space, front, useCase);
  return { exits: toPlanExits(alone.space, point.exits) };
}

/** What an ensemble adds at each output, ms at the profile's pace. */
async function ensembleCosts({ backbone }: BenchedProject["project"], outputs: number): Promise<number[]> {
  const costs: number[] = [];
  for (let count = 1; count <= outputs; count++)
    costs.push(profile.backbone.meanMs * (await ensembleShare(backbone, count)));
  return costs;
}

function printJson({ splits, ...about }: Described, policies: readonly PolicyFigures[]): void {
  const { json: _json, ...options } = asked;
  const samples = { choice: splits.choice.space.samples, test: splits.test.space.samples };
  console.log(
    JSON.stringify({ memory: { ...about, profile: about.profile.id, seed: 1, options, samples, policies } }),
  );
}
