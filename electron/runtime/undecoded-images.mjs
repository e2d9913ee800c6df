// Stands in for sharp where images come preprocessed, as they do to a worker: whoever would decode one is told so.

/** @returns {never} */
export default function decode() {
  throw new Error("this worker decodes no images; they travel preprocessed");
}
