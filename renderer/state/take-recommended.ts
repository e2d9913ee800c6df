import { create } from "zustand";
import type { FrontFile } from "../../shared/files/front-file.ts";
import type { Judged } from "../../shared/model/constraints.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { missesIn, type Statement } from "../../shared/model/statement.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { verdict } from "../../shared/presentation/verdict/verdict.ts";
import { takeFound } from "./take-found.ts";

/** A plan that is offered to the person, and what it is offered for. */
export interface Recommended {
  readonly plan: PartitionedPlan;
  readonly judged: Judged;
  readonly useCase: UseCase;
}

/** What a person is asked before a plan is taken that misses the use case. */
interface MissQuestion {
  readonly plan: PartitionedPlan;
  readonly misses: readonly Statement[];
}

export const useMissQuestion = create<{ readonly question: MissQuestion | null }>()(() => ({
  question: null,
}));

export function dropMissQuestion(): void {
  useMissQuestion.setState({ question: null });
}

/** What the last search recommends for the use case that it was run for. */
export function foundBySearch({ recommended, backbone, useCase }: FrontFile): Recommended {
  const judged = { figures: recommended.figures, backboneAccuracy: backbone.accuracy };
  return { plan: recommended, judged, useCase };
}

/** Takes a plan, or asks first and says by how much it misses what is wanted. */
export function takeRecommended({ plan, judged, useCase }: Recommended): void {
  const said = verdict({ exits: plan.exits.length, useCase, chosen: judged, isNearest: true });
  const misses = missesIn(said);
  if (misses.length === 0) takeFound(plan);
  else useMissQuestion.setState({ question: { plan, misses } });
}

/** The person has been told and wants it all the same. */
export function takeAnyway(): void {
  const { question } = useMissQuestion.getState();
  dropMissQuestion();
  if (question) takeFound(question.plan);
}
