/** What a soak did and what it lost. */
export class Tally {
  readonly jobs = new Map<string, { finished: number; ended: number }>();
  readonly #lost: string[] = [];

  finished(job: string): void {
    this.#job(job).finished++;
  }

  /** It ended before it was done, for its process or a child was killed. */
  ended(job: string): void {
    this.#job(job).ended++;
  }

  lost(what: string): void {
    this.#lost.push(what);
  }

  get losses(): readonly string[] {
    return this.#lost;
  }

  #job(name: string): { finished: number; ended: number } {
    const known = this.jobs.get(name);
    if (known) return known;
    const made = { finished: 0, ended: 0 };
    this.jobs.set(name, made);
    return made;
  }
}
