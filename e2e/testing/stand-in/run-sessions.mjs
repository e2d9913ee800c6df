// The other half of onnxruntime.py beside it: sessions of ONNX Runtime for Node, asked for over standard input.
import { InferenceSession, Tensor } from "onnxruntime-node";

const arrays = { float32: Float32Array, int64: BigInt64Array, bool: Uint8Array };
const sessions = [];

const doing = {
  async open({ threads, level, prefix }, payload) {
    const session = await InferenceSession.create(payload, {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: level,
      logSeverityLevel: 4,
      enableProfiling: prefix !== null,
      profileFilePrefix: prefix ?? "",
    });
    const { inputNames: inputs, outputNames: outputs } = session;
    return [{ session: sessions.push(session) - 1, inputs, outputs }];
  },
  async run({ session, feeds, outputs }, payload) {
    let at = 0;
    const given = {};
    for (const { name, type, dims, bytes } of feeds) {
      const own = new Uint8Array(payload.subarray(at, at + bytes));
      given[name] = new Tensor(type, new arrays[type](own.buffer), dims);
      at += bytes;
    }
    const results = await sessions[session].run(given, outputs);
    const parts = outputs.map((name) => {
      const { data } = results[name];
      return Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    });
    const tensors = outputs.map((name, index) => {
      const { type, dims } = results[name];
      return { type, dims, bytes: parts[index].length };
    });
    // Else they wait for a garbage collection that small heaps seldom have.
    for (const tensor of Object.values(results)) tensor.dispose();
    return [{ tensors }, ...parts];
  },
  async end({ session }) {
    sessions[session].endProfiling();
    return [{}];
  },
  async release({ session }) {
    await sessions[session].release();
    delete sessions[session];
    return [{}];
  },
};

// Listened to once for all: each new listener would be told at once of what waits, without more coming.
let wake = () => {};
process.stdin.on("readable", () => wake());
process.stdin.on("end", () => process.exit());

async function read(bytes) {
  for (;;) {
    const found = bytes === 0 ? Buffer.alloc(0) : process.stdin.read(bytes);
    if (found?.length === bytes) return found;
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

for (;;) {
  const size = (await read(4)).readUInt32LE();
  const request = JSON.parse((await read(size)).toString());
  const payload = await read(request.bytes);
  const [answer, ...parts] = await doing[request.do](request, payload).catch((error) => [
    { error: error.message },
  ]);
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const text = Buffer.from(JSON.stringify({ ...answer, bytes }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  for (const part of [length, text, ...parts]) process.stdout.write(part);
}
