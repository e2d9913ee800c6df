import { rm } from "node:fs/promises";
import { z } from "zod";
import { makeScratchFolder } from "../../../disk/scratch-folder.ts";
import { computeExitLogits, openExits, readLogits } from "../../calibrate/exit-logits.ts";
import { implausible } from "../../jobs/implausible.ts";
import type { JobKind } from "../../jobs/job-kind.ts";
import { type BatchRange, openBatches, rangeOf } from "../../jobs/packed-batches.ts";
import { networkFiles, openSentNetwork, type SentNetwork } from "./sent-network.ts";

/** A network with its heads, and some of the images that it is calibrated or tested on. */
export interface LogitsSubject {
  readonly network: SentNetwork;
  readonly range: BatchRange;
}

const optionsSchema = z.strictObject({
  /** Multiply-accumulates of all of it, by which is known when somebody hangs. */
  macs: z.number().nonnegative().max(1e18),
});

const valueSchema = z.object({ samples: z.number().int().nonnegative() });

const logitsFile = "logits.f32";

const openingSeconds = 600;
/** What the slowest board does in a second. */
const slowestMacs = 1e8;

/** What a range of images gives at every exit: a part of a confidence table, before any temperature. */
export const logitsKind: JobKind<
  LogitsSubject,
  z.infer<typeof optionsSchema>,
  z.infer<typeof valueSchema>
> = {
  id: "calibrate",
  edition: 1,
  isMeasurement: false,
  options: optionsSchema,
  value: valueSchema,
  maxResultBytes: 2 ** 30,
  needs: ({ macs }) => ({ seconds: openingSeconds + macs / slowestMacs, threads: 1 }),
  lasting: networkFiles,
  pack: async ({ network, range }) => ({ ...network.files, ...range.files }),
  open: async (folder, _options, context) => {
    const { backbone, heads } = await openSentNetwork(folder, context);
    const { input } = backbone.summary;
    const range = rangeOf(await openBatches(folder, input), input);
    return { network: { backbone, heads, files: {} }, range };
  },
  run: async ({ network: { backbone, heads }, range }, _options, { job, once }) => {
    const session = await once?.("session", () => openExits(backbone, heads));
    const folder = await makeScratchFolder("logits");
    try {
      await computeExitLogits(backbone, heads, range.images, folder, job, session);
      const rows = [];
      for (let row = 0; row <= heads.length; row++) {
        const logits = await readLogits(folder, row);
        rows.push(new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength));
      }
      const files = { [logitsFile]: new Uint8Array(Buffer.concat(rows)) };
      return { value: { samples: range.labels.length }, files };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  check: ({ value, files }, { network: { backbone, heads }, range }) => {
    const { classes } = backbone.summary.output;
    const samples = range.labels.length;
    if (value.samples !== samples) throw implausible(`it is of ${value.samples} images`);
    const bytes = files[logitsFile]?.byteLength;
    const expected = 4 * (heads.length + 1) * samples * classes;
    if (bytes !== expected) throw implausible(`its logits take ${bytes} bytes, expected ${expected}`);
    if (!logitsOf(files).every(Number.isFinite)) throw implausible("its logits are no finite numbers");
  },
};

/** Logits of every exit, the network's own last, row-major [exits + 1, samples, classes]. */
export function logitsOf(files: Readonly<Record<string, Uint8Array>>): Float32Array {
  const bytes = files[logitsFile];
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
