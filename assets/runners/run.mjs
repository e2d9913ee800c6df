#!/usr/bin/env node
// Runs a staged early-exit network with onnxruntime-node: node run.mjs images.npy
//
// images.npy holds preprocessed float32 images, one a row, as the first stage's input expects them.
// Prints a JSON line per image: the class, the exit it left at (from 0) and the confidence there.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** Opens the network; the result maps one image tensor of batch 1 to {logits, exit, confidence}. */
export async function openStagedNetwork(folder, options = {}) {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  if (manifest.format !== "offramp-staged" || manifest.version !== 1)
    throw new Error(`${join(folder, "manifest.json")} is not a staged network of version 1`);
  const sessions = [];
  for (const stage of manifest.stages)
    sessions.push(await InferenceSession.create(join(folder, stage.file), options));
  const run = async (image) => {
    let value = image;
    for (const [exit, stage] of manifest.stages.entries()) {
      const results = await sessions[exit].run({ [stage.input.name]: value });
      const confidence = results[stage.confidence].data[0];
      if (stage.threshold === null || !(confidence < Math.fround(stage.threshold)))
        return { logits: results[stage.logits].data, exit, confidence };
      value = results[stage.next];
    }
  };
  return { manifest, run };
}

/** A little-endian float32 array in C order out of a .npy file. */
function readNpy(path) {
  const bytes = readFileSync(path);
  const wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString("latin1", start, end);
  if (!/'descr': '<f4'/.test(header) || !/'fortran_order': False/.test(header))
    throw new Error(`${path} must hold float32 in C order; its header is ${header.trim()}`);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)[1]
    .split(",")
    .filter((part) => part.trim())
    .map(Number);
  return { shape, data: new Float32Array(new Uint8Array(bytes.subarray(end)).buffer) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const network = await openStagedNetwork(dirname(fileURLToPath(import.meta.url)));
  const { shape, data } = readNpy(process.argv[2]);
  const size = data.length / shape[0];
  for (let row = 0; row < shape[0]; row++) {
    const image = new Tensor("float32", data.slice(row * size, (row + 1) * size), [1, ...shape.slice(1)]);
    const { logits, exit, confidence } = await network.run(image);
    console.log(JSON.stringify({ class: logits.indexOf(Math.max(...logits)), exit, confidence }));
  }
}
