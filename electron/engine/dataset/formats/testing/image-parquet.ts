import { parquetWriteBuffer } from "hyparquet-writer";

type WriteOptions = Parameters<typeof parquetWriteBuffer>[0];

export interface ImageCell {
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
}

/**
 * For tests: a Parquet file of images and labels with the schema that Hugging Face's `datasets` writes.
 * @param names class names, noted in the footer as a ClassLabel
 */
export function imageParquet(
  images: readonly ImageCell[],
  labels: readonly (number | string)[],
  names?: readonly string[],
  options: Partial<WriteOptions> = {},
): Uint8Array {
  const isText = typeof labels[0] === "string";
  const label = isText ? { type: "BYTE_ARRAY", converted_type: "UTF8" } : { type: "INT64" };
  const features = {
    image: { _type: "Image" },
    label: names ? { names, _type: "ClassLabel" } : { dtype: "int64", _type: "Value" },
  };
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "image", data: [...images] },
      { name: "label", data: isText ? [...labels] : labels.map(BigInt) },
    ],
    schema: [
      { name: "schema", num_children: 2 },
      { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "label", ...label, repetition_type: "OPTIONAL" },
    ] as WriteOptions["schema"],
    kvMetadata: [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }],
    ...options,
  });
  return new Uint8Array(buffer);
}
