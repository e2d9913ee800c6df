import { encodeModel } from "../../../electron/engine/onnx/codec.ts";
import { TensorProto_DataLocation } from "../../../electron/engine/onnx/gen/onnx_pb.ts";
import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import { endless } from "../../../electron/engine/onnx/testing/hostile-models.ts";
import { type FuzzCase, projectCase } from "../fuzz-case.ts";
import { projectSubject } from "../projects/index.ts";
import { archiveBytes, type ProjectSubject, setBytes } from "../projects/project-subject.ts";
import { deflateBomb } from "../zip-bytes.ts";

async function changed(id: string, change: (subject: ProjectSubject) => void): Promise<FuzzCase> {
  const subject = await projectSubject();
  change(subject);
  return projectCase(archiveBytes(subject, true), [id]);
}

function place({ members }: ProjectSubject, name: string): number {
  return members.findIndex((member) => member.name === name);
}

interface StoredJson {
  [key: string]: unknown;
}

/** Changes what `project.json` says. */
function described(id: string, change: (file: StoredJson) => void): Promise<FuzzCase> {
  return changed(id, (subject) => {
    const at = place(subject, "project.json");
    const file = JSON.parse(new TextDecoder().decode(subject.members[at].bytes)) as StoredJson;
    change(file);
    setBytes(subject, at, new TextEncoder().encode(JSON.stringify(file).replaceAll('"1e999"', "1e999")));
  });
}

function withModel(id: string, name: string, make: (model: GraphModel) => GraphModel): Promise<FuzzCase> {
  return changed(id, (subject) => {
    const model = structuredClone(subject.models.get(name)!);
    setBytes(subject, place(subject, name), encodeModel(make(model)));
  });
}

function outside(model: GraphModel): GraphModel {
  const [tensor] = model.graph.initializer;
  tensor.rawData = new Uint8Array();
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = [{ $typeName: "onnx.StringStringEntryProto", key: "location", value: "canary.bin" }];
  return model;
}

/** Projects that did harm. */
export const knownProjects: Readonly<Record<string, () => Promise<FuzzCase>>> = {
  sound: () => changed("sound", () => {}),
  "backbone-loops": () => withModel("backbone-loops", "backbone.onnx", endless),
  "head-loops": () => withModel("head-loops", "heads/0.onnx", endless),
  "backbone-reads-working-folder": () => withModel("backbone-reads-working-folder", "backbone.onnx", outside),
  "head-reads-working-folder": () => withModel("head-reads-working-folder", "heads/0.onnx", outside),
  "policies-1000000": () =>
    described("policies-1000000", (file) => {
      file.policies = Array.from({ length: 1_000_000 }, () => "top1");
    }),
  "profiles-1000000000": () =>
    described("profiles-1000000000", (file) => {
      file.profiles = 1e9;
    }),
  "temperature-below-zero": () =>
    described("temperature-below-zero", (file) => {
      file.backboneTemperature = -1;
    }),
  "temperature-is-infinite": () =>
    described("temperature-is-infinite", (file) => {
      file.backboneTemperature = "1e999";
    }),
  "policy-forges-line": () =>
    described("policy-forges-line", (file) => {
      file.policies = ["\u001b[2K\nofframp: all is well"];
    }),
  "member-unpacks-to-3-gb": () =>
    changed("member-unpacks-to-3-gb", (subject) => {
      const at = place(subject, "front.json");
      const deflated = deflateBomb(3000, 32);
      subject.members[at] = {
        name: "front.json",
        bytes: new Uint8Array(),
        deflated,
        claimedBytes: 3000 * 2 ** 20,
      };
    }),
  "members-60000": () =>
    changed("members-60000", (subject) => {
      for (let at = 0; at < 60_000; at++)
        subject.members.push({ name: `heads/${at}.onnx`, bytes: new Uint8Array() });
    }),
};
