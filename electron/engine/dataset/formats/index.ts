import type { DatasetFormat } from "../dataset-source.ts";
import { cifarFormat } from "./cifar.ts";
import { cifarPythonFormat } from "./cifar-python.ts";
import { imageFolderFormat } from "./image-folder.ts";
import { imageTableFormat } from "./image-table.ts";
import { mnistIdxFormat } from "./mnist-idx.ts";
import { npyClassesFormat } from "./npy-classes.ts";
import { npzFormat } from "./npz.ts";
import { parquetFormat } from "./parquet.ts";

/** Every format, in the order in which they are tried. */
export const datasetFormats: readonly DatasetFormat[] = [
  npzFormat,
  npyClassesFormat,
  mnistIdxFormat,
  cifarFormat,
  cifarPythonFormat,
  parquetFormat,
  imageTableFormat,
  imageFolderFormat,
];
