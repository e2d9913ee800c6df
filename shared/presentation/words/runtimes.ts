/** Where an export runs: seen here, told by the runtime's own makers, or known not to. */
export type RuntimeWord = "tried" | "documented" | "not whole";

/** One form of export on one runtime. */
export interface RuntimeCell {
  readonly word: RuntimeWord;
  readonly text: string;
  /** The command that it was tried with, or the page that says so. */
  readonly source: string;
}

export interface RuntimeRow {
  readonly runtime: string;
  /** One file that branches by `If`; the file that takes bytes is the same in this. */
  readonly single: RuntimeCell;
  readonly staged: RuntimeCell;
}

const cudaIf = "https://github.com/microsoft/onnxruntime/pull/2377";
const tensorrtIf = "https://github.com/microsoft/onnxruntime/pull/12147";
const providers = "https://onnxruntime.ai/docs/execution-providers";

/** A network without branches is what every runtime is made for. */
function ordinary(text: string, source: string): RuntimeCell {
  return { word: "documented", text, source };
}

/** Which runtime runs which export. What was tried was compared with the predicted decisions, sample by sample. */
export const runtimeRows: readonly RuntimeRow[] = [
  {
    runtime: "ONNX Runtime 1.30, CPU",
    single: { word: "tried", text: "all decisions as predicted", source: "offramp verify model.onnx" },
    staged: { word: "tried", text: "all decisions as predicted", source: "offramp verify staged" },
  },
  {
    runtime: "ONNX Runtime 1.30, WebGPU (SwiftShader)",
    single: {
      word: "tried",
      text: "50 of 50 decisions as predicted",
      source: "offramp verify model.onnx --provider webgpu",
    },
    staged: {
      word: "tried",
      text: "50 of 50 decisions as predicted",
      source: "offramp verify staged --provider webgpu",
    },
  },
  {
    runtime: "ONNX Runtime Web 1.30, WebAssembly",
    single: {
      word: "tried",
      text: "the same exits as on the CPU",
      source: 'InferenceSession.create(model) of "onnxruntime-web"',
    },
    staged: {
      word: "tried",
      text: "the same exits as on the CPU",
      source: 'run.mjs, with "onnxruntime-web" for "onnxruntime-node"',
    },
  },
  {
    runtime: "ONNX Runtime, CUDA",
    single: {
      word: "documented",
      text: "If is there, its condition is read on the CPU: every exit waits for the GPU",
      source: cudaIf,
    },
    staged: ordinary("each stage is a network without branches", `${providers}/CUDA-ExecutionProvider.html`),
  },
  {
    runtime: "ONNX Runtime, TensorRT",
    single: {
      word: "documented",
      text: "If stays with ONNX Runtime, what is between exits becomes engines",
      source: tensorrtIf,
    },
    staged: ordinary("an engine a stage", `${providers}/TensorRT-ExecutionProvider.html`),
  },
  {
    runtime: "ONNX Runtime, CoreML",
    single: {
      word: "documented",
      text: "If runs on the CPU; what is in its branches goes to CoreML with EnableOnSubgraphs=1 alone",
      source: `${providers}/CoreML-ExecutionProvider.html`,
    },
    staged: ordinary(
      "each stage is a network without branches",
      `${providers}/CoreML-ExecutionProvider.html`,
    ),
  },
  {
    runtime: "OpenVINO, or ONNX Runtime with it",
    single: {
      word: "documented",
      text: "If is an operator of OpenVINO (opset 8); on a GPU see that it isn't refused",
      source: "https://docs.openvino.ai/2025/api/c_cpp_api/classov_1_1op_1_1v8_1_1_if.html",
    },
    staged: ordinary(
      "each stage is a network without branches",
      `${providers}/OpenVINO-ExecutionProvider.html`,
    ),
  },
  {
    runtime: "TensorRT alone",
    single: {
      word: "documented",
      text: "its parser takes If where both branches give the same shapes, as ours do",
      source: "https://github.com/onnx/onnx-tensorrt/blob/main/docs/operators.md",
    },
    staged: ordinary(
      "an engine a stage: trtexec --onnx=stage-0.onnx",
      "https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/work-with-conditionals.html",
    ),
  },
  {
    runtime: "LiteRT",
    single: {
      word: "not whole",
      text: "a converter knows If (onnx2tf), GPU delegates take no control flow: use stages",
      source: "https://github.com/PINTO0309/onnx2tf/pull/58",
    },
    staged: ordinary("stage by stage through onnx2tf", "https://github.com/PINTO0309/onnx2tf"),
  },
];

/** The rows as a table in Markdown, as docs/runtimes.md has it. */
export function runtimeMarkdown(): string {
  const cell = ({ word, text, source }: RuntimeCell) =>
    source.startsWith("https:") ? `[${word}](${source}): ${text}` : `${word}, \`${source}\`: ${text}`;
  return [
    "| runtime | single file | staged |",
    "| --- | --- | --- |",
    ...runtimeRows.map(({ runtime, single, staged }) => `| ${runtime} | ${cell(single)} | ${cell(staged)} |`),
  ].join("\n");
}
