// Times an export's two forms in onnxruntime-node, sample by sample: node time-runner.mjs FORM EXPORT THREADS SECONDS images.npy ...
// Prints what run.mjs prints, and on the error stream what the C++ runner says of its times.
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InferenceSession } from "onnxruntime-node";

const [form, folder, threads, seconds, ...paths] = process.argv.slice(2);
const staged = resolve(folder, "staged");
const { lineOf, openStagedNetwork, samplesOf, sessionOptions } = await import(
  pathToFileURL(join(staged, "run.mjs")).href
);
const options = sessionOptions({ threads: Number(threads) });
const network = await openStagedNetwork(staged, options);
const run = form === "staged" ? network.run : await singleFile();
const samples = [...samplesOf(network, paths)];
for (const images of samples) console.log(lineOf(network.manifest, await run(...images)));
const times = [];
for (const end = performance.now() + 1000 * Number(seconds); performance.now() < end; )
  for (const images of samples) {
    const start = performance.now();
    await run(...images);
    times.push(performance.now() - start);
  }
times.sort((a, b) => a - b);
const meanMs = times.reduce((sum, time) => sum + time, 0) / times.length;
const [medianMs, p95Ms] = [0.5, 0.95].map((share) => times[Math.floor(share * times.length)]);
console.error(JSON.stringify({ samples: times.length, meanMs, medianMs, p95Ms, perSecond: 1000 / meanMs }));

async function singleFile() {
  const session = await InferenceSession.create(join(folder, "model.onnx"), options);
  const names = network.images.map(({ name }) => name);
  return async (...images) => {
    const results = await session.run(Object.fromEntries(names.map((name, index) => [name, images[index]])));
    const { logits, exit, confidence } = results;
    return { logits: logits.data, exit: Number(exit.data[0]), confidence: confidence.data[0] };
  };
}
