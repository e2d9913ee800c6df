import { table } from "../../../electron/cli/format.ts";
import { type CaseKind, caseKinds, kindOfCase } from "../fuzz-case.ts";
import type { CaseName, CaseOutcome, FindingKind } from "./case-protocol.ts";

/** Of the cases of a kind. */
interface Count {
  cases: number;
  opened: number;
  findings: number;
  mostGrownBytes: number;
  mostCpuMs: number;
}

/** What a run came to, per kind of case. */
export class Counts {
  readonly #counts = new Map<CaseKind, Count>(
    caseKinds.map((kind) => [kind, { cases: 0, opened: 0, findings: 0, mostGrownBytes: 0, mostCpuMs: 0 }]),
  );
  readonly #problems = new Map<FindingKind, number>();

  add(name: CaseName, { refused, problems, grownBytes, cpuMs }: CaseOutcome): void {
    const count = this.#counts.get(kindOf(name))!;
    count.cases++;
    if (!refused && problems.length === 0) count.opened++;
    if (problems.length > 0) count.findings++;
    count.mostGrownBytes = Math.max(count.mostGrownBytes, grownBytes);
    count.mostCpuMs = Math.max(count.mostCpuMs, cpuMs);
    for (const kind of new Set(problems.map((problem) => problem.kind)))
      this.#problems.set(kind, (this.#problems.get(kind) ?? 0) + 1);
  }

  figures(): { readonly kinds: Record<string, Count>; readonly problems: Record<string, number> } {
    return { kinds: Object.fromEntries(this.#counts), problems: Object.fromEntries(this.#problems) };
  }

  text(): string {
    const rows = [...this.#counts].map(([kind, { cases, opened, findings, mostGrownBytes, mostCpuMs }]) => [
      kind,
      String(cases),
      String(opened),
      String(cases - opened - findings),
      String(findings),
      `${(mostGrownBytes / 1e6).toFixed(0)} MB`,
      `${(mostCpuMs / 1000).toFixed(1)} s`,
    ]);
    const head = ["kind", "cases", "opened", "refused", "findings", "most memory", "most time"];
    const problems = [...this.#problems].map(([kind, count]) => `${count} ${kind}`).join(", ");
    return `${table(head, rows).join("\n")}\n\n${problems === "" ? "no findings" : `findings: ${problems}`}`;
  }
}

function kindOf(name: CaseName): CaseKind {
  return "known" in name ? caseKinds.find((kind) => name.known.startsWith(kind))! : kindOfCase(name.number);
}
