import type { Job } from "../../../../shared/base/job.ts";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { ClassOrder } from "../../../../shared/model/class-order.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import type { SplitOptions } from "../../../../shared/model/stage-options.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { metadataClasses } from "../../onnx/import/metadata-classes.ts";
import { type ClassSources, orderClasses } from "../classes/order-classes.ts";
import type { ImageChange } from "../corruptions/image-change.ts";
import type { DatasetSource } from "../dataset-source.ts";
import { frameChange } from "../splits/frame-change.ts";
import { changedSplit, type DecodableSplit, type ImageSplit, imageSplit } from "../splits/image-split.ts";
import { checkPreprocess } from "../splits/preprocess.ts";
import {
  checkClasses,
  makeSplits,
  type Split,
  type SplitName,
  type Splits,
  splitNotes,
} from "../splits/splits.ts";
import { adaptedMapping, adaptValues, findValueRange, type ValueRange } from "../splits/value-range.ts";
import { openDataset } from "./open-dataset.ts";

/** Which data set, and how it is prepared for a model. */
export interface DataRequest {
  readonly path: string;
  readonly preprocess: Preprocess;
  readonly splits: SplitOptions;
  readonly classes?: Pick<ClassSources, "chosen" | "stored">;
}

/** A data set opened for one model and divided. Whoever opens it closes its source. */
export interface OpenData {
  readonly source: DatasetSource;
  /** Why its classes are in this order. */
  readonly classOrder: ClassOrder;
  /** What was made of the data beside what the person asked for, sentences for people. */
  readonly notes: readonly string[];
  readonly splits: Splits;
  readonly images: Readonly<Record<SplitName, ImageSplit>>;
  /**
   * Images of a split under another preprocessing, for the same model or another one.
   * @throws AppError 'data-mismatch' if its values don't fit that
   */
  imagesUnder(preprocess: Preprocess, name: SplitName, input?: BackboneInput): DecodableSplit;
  /**
   * Images of a split, changed as a model sees them; as they are without a change.
   * @throws AppError 'data-mismatch' if its values don't fit the preprocessing, or are no pixels
   */
  changed(preprocess: Preprocess, input: BackboneInput, split: Split, change?: ImageChange): ImageSplit;
  /** The same data divided otherwise. @throws AppError as `makeSplits` does */
  divided(splits: SplitOptions): OpenData;
  /** Of the values as they are stored; undefined for bytes. */
  readonly valueRange: ValueRange | undefined;
}

/**
 * @throws AppError 'data-invalid', 'data-mismatch' if classes, values or image size don't fit the model, 'cancelled'
 */
export async function openData(backbone: Backbone, request: DataRequest, job: Job): Promise<OpenData> {
  const { input, output } = backbone.summary;
  const { path, preprocess, classes } = request;
  const stored = await openDataset(path, job);
  try {
    checkPreprocess(preprocess, input);
    const metadata = metadataClasses(backbone.proto);
    const sources = { classes: output.classes, metadata, ...classes };
    const { source: ordered, classOrder } = await orderClasses(stored, path, sources);
    checkClasses(ordered, output.classes);
    const whole = makeSplits(ordered, request.splits);
    const valueRange = await findValueRange(ordered, whole.train.part);
    const { source, notes } = adaptValues(ordered, valueRange, preprocess, input.type);
    const dividedAs = (splits: Splits, options: SplitOptions): OpenData => {
      const images = (name: SplitName) => imageSplit(source, splits[name], preprocess, input);
      return {
        source,
        classOrder,
        notes: [...source.notes, ...notes, ...splitNotes(ordered, options)],
        splits,
        images: { train: images("train"), calibration: images("calibration"), test: images("test") },
        imagesUnder: (other, name, to = input) =>
          imageSplit(adaptValues(ordered, valueRange, other, to.type).source, splits[name], other, to),
        changed: (other, to, split, change) => {
          const mapping = adaptedMapping(ordered, valueRange, other, to.type);
          const { source: adapted } = adaptValues(ordered, valueRange, other, to.type);
          return changedSplit(adapted, split, other, to, change && frameChange(change, to, mapping));
        },
        divided: (other) => dividedAs(makeSplits(ordered, other), other),
        valueRange,
      };
    };
    const data = dividedAs(whole, request.splits);
    await readFirstImage(data.images.calibration);
    return data;
  } catch (error) {
    await stored.close();
    throw error;
  }
}

/** Finds out early whether images fit a model, before anything long starts. @throws AppError 'data-mismatch' */
export async function readFirstImage(split: ImageSplit): Promise<void> {
  for await (const _batch of split.batches(1)) return;
}
