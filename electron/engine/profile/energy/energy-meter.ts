/** Counts the energy that a target takes. */
export interface EnergyMeter {
  /** What it covers, for people: "RAPL package-0". */
  readonly name: string;
  /**
   * What has been taken since some moment, mJ; it only rises.
   * @throws AppError 'system' if the sensor can't be read any more, or falls
   */
  read(): Promise<number>;
  /** How often it has to be read at least, ms, where it adds up powers; absent of counters. */
  readonly everyMs?: number;
}

/** What a sensor says: what has been taken so far, mJ, or is taken just now, mW. */
export type Reading = { readonly millijoules: number } | { readonly milliwatts: number };

/** A kind of sensor that a system may have. */
export interface EnergySource {
  readonly id: string;
  /** For people: what it is and where it lies. */
  readonly description: string;
  /**
   * @param root folder that stands for the file system's own
   * @returns undefined if the system has none
   * @throws AppError 'usage' if it has one that can't be read
   */
  open(root: string): Promise<EnergyMeter | undefined>;
}

/** Between two readings of a power it is taken to change evenly; at 5 ms that suits runs that take as long or longer. */
const powerEveryMs = 5;

/** A meter from a sensor's readings, which say either energies or powers. */
export function meterOf(
  name: string,
  first: Reading,
  read: () => Promise<Reading>,
  now = () => performance.now(),
): EnergyMeter {
  if ("millijoules" in first)
    return {
      name,
      read: async () => {
        const reading = await read();
        return "millijoules" in reading ? reading.millijoules : Number.NaN;
      },
    };
  let last = { milliwatts: first.milliwatts, atMs: now() };
  let millijoules = 0;
  return {
    name,
    everyMs: powerEveryMs,
    read: async () => {
      const reading = await read();
      const milliwatts = "milliwatts" in reading ? reading.milliwatts : Number.NaN;
      const atMs = now();
      millijoules += (((last.milliwatts + milliwatts) / 2) * (atMs - last.atMs)) / 1000;
      last = { milliwatts, atMs };
      return millijoules;
    },
  };
}
