import { SingleBar } from "cli-progress";
import type { Job } from "../../shared/base/job.ts";
import { plainName } from "../../shared/base/plain-name.ts";
import { boundMessage, plainText } from "../../shared/base/plain-text.ts";
import type { Interruption } from "./interruption.ts";
import { clearLine, sayLines } from "./print.ts";

/** How progress is shown: bars on a terminal, a line at each stage's start and end otherwise, or not at all. */
export type ProgressStyle = "bars" | "lines" | "none";

export function progressStyle(quiet: boolean): ProgressStyle {
  if (quiet) return "none";
  return process.stderr.isTTY ? "bars" : "lines";
}

/** Shows one stage at a time on the error stream, so that results on the output stream stay clean. */
export class StageProgress {
  private current:
    | { stage: string; started: number; bar: SingleBar | undefined; warnings: string[] }
    | undefined;

  constructor(
    private readonly style: ProgressStyle,
    private readonly interruption: Interruption,
  ) {}

  /** Starts a stage, of the backbone or of the network that is named; the one before is taken as finished. */
  readonly job = (name: string, network?: string): Job => {
    this.finish();
    const stage = network === undefined ? name : `${plainName(network)}: ${name}`;
    this.current = {
      stage,
      started: performance.now(),
      bar: this.style === "bars" ? startBar(stage) : undefined,
      warnings: [],
    };
    if (this.style === "lines") sayLines([`${stage} …`]);
    const { bar, warnings } = this.current;
    return {
      report: (done, total, note) =>
        bar?.update(total > 0 ? done / total : 1, note === undefined ? {} : { note: plainText(note) }),
      warn: (text) => void warnings.push(text),
      pause: () => this.interruption.pause(),
    };
  };

  /** Prints messages apart from the progress, after the stage that found them. */
  say(messages: readonly string[]): void {
    this.finish();
    if (this.style !== "none" && messages.length > 0) sayLines(messages.map((text) => boundMessage(text)));
  }

  /** Closes the running stage's line with the time that it took. */
  finish(): void {
    this.end("done");
  }

  /** Prints a line while a stage runs, above its bar. */
  tell(line: string): void {
    if (this.style === "none") return;
    const { bar } = this.current ?? {};
    if (bar) clearLine();
    sayLines([boundMessage(line)]);
    bar?.render();
  }

  /** Closes the running stage's line without claiming that it finished. */
  stop(): void {
    this.end("stopped");
  }

  private end(how: "done" | "stopped"): void {
    if (!this.current) return;
    const { stage, started, bar, warnings } = this.current;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    bar?.stop();
    if (this.style !== "none")
      sayLines([
        `${stage} ${how}, ${seconds} s`,
        ...warnings.map((text) => boundMessage(`warning: ${text}`)),
      ]);
    this.current = undefined;
  }
}

function startBar(stage: string): SingleBar {
  const bar = new SingleBar({
    format: `${stage.padEnd(9)} {bar} {percentage} % · {eta_formatted} left {note}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 28,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    linewrap: false,
    etaBuffer: 50,
    stream: process.stderr,
  });
  bar.start(1, 0, { note: "" });
  return bar;
}
