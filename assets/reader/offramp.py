"""Opens what Offramp writes as arrays, with numpy alone: projects (.offramp), front.json and confidence tables (.npz).

    import offramp
    project = offramp.open_project("net.offramp")
    table = project.networks[0].tables["test", "top1"]      # confidence, correct, predicted [exits + 1, samples], labels [samples]
    front = project.front.searches[0]                       # accuracy, latency_ms [plans], and the plans
    exits, correct = project.route(front.plans[0], "test")  # where each sample leaves, and whether it is right there

docs/formats.md describes the files.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

import numpy as np


def open_project(path):
    """A project with its networks, its profiles and its front."""
    with zipfile.ZipFile(path) as archive:
        document = check(json.loads(archive.read("project.json")), "offramp-project", path)
        names = set(archive.namelist())
        members = [(f"members/{index}/", member) for index, member in enumerate(document.get("members", []))]
        networks = [read_network(archive, names, *each) for each in [("", document), *members]]
        profiles = [json.loads(archive.read(f"profiles/{index}.json")) for index in range(document["profiles"])]
        front = read_front(json.loads(archive.read("front.json"))) if "front.json" in names else None
    return Project(document, networks, profiles, front)


def open_front(path):
    """A front.json with the plans of every search and scheme as arrays."""
    with open(path, encoding="utf8") as file:
        return read_front(check(json.load(file), "offramp-front", path))


def open_table(source):
    """A confidence table: arrays by name, see docs/formats.md."""
    with np.load(source) as table:
        return {name: table[name] for name in table.files}


@dataclass
class Plans:
    """Plans of one search or scheme, as columns: accuracy [plans], latency_ms [plans], and the plans as the file has them."""

    title: str
    accuracy: np.ndarray
    latency_ms: np.ndarray
    plans: list
    record: dict


@dataclass
class Front:
    """What was found for one use case; the first of `searches` is the one that the plan is recommended by."""

    searches: list
    schemes: list
    backbone: dict
    recommended: dict
    document: dict


@dataclass
class Network:
    """A network with its heads in the order of the tables' rows; its own output is the last row."""

    name: str
    sha256: str
    heads: list
    output: str
    tables: dict
    model: bytes


@dataclass
class Project:
    """`document` is project.json; the first of `networks` is the backbone."""

    document: dict
    networks: list
    profiles: list
    front: Front

    def route(self, plan, split="test"):
        """The exit that each sample of a split takes, the end last, and whether it is right there: [samples] each."""
        by_name = {network.sha256: network for network in self.networks}
        backbone = self.networks[0]
        chain = [by_name[sha256] for sha256 in plan.get("chain", [backbone.sha256])]
        rows = [(by_name[exit.get("member", backbone.sha256)], exit) for exit in plan["exits"]]
        end = next(table for (of, _), table in chain[-1].tables.items() if of == split)
        taken = np.full(end["correct"].shape[1], len(rows))
        correct = end["correct"][-1].astype(bool)
        for index, (network, exit) in reversed(list(enumerate(rows))):
            table = network.tables[split, exit["policy"]]
            row = row_of(network, exit)
            leaves = table["confidence"][row] >= np.float32(exit["threshold"])
            taken[leaves] = index
            correct[leaves] = table["correct"][row][leaves]
        return taken, correct


def row_of(network, exit):
    if exit["head"] == "output":
        return len(network.heads)
    return network.heads.index((exit["cutPoint"], exit["head"]))


def read_network(archive, names, folder, document):
    backbone = document["backbone"]
    model = archive.read(f"{folder}backbone.onnx")
    tables = {}
    for name in names:
        if name.startswith(f"{folder}tables/"):
            split, policy = name[len(folder) + 7 : -4].split("-", 1)
            tables[split, policy] = open_table(io.BytesIO(archive.read(name)))
    heads = [(head["cutPoint"], head["kind"]) for head in document["heads"]]
    sha256 = hashlib.sha256(model).hexdigest()
    return Network(backbone["name"], sha256, heads, backbone["output"]["name"], tables, model)


def read_front(document):
    searches = [columns(search["algorithm"], search["front"], search) for search in document["searches"]]
    schemes = [columns(scheme["scheme"], scheme["plans"], scheme) for scheme in document["schemes"]]
    return Front(searches, schemes, document["backbone"], document["recommended"], document)


def columns(title, plans, record):
    accuracy, latency = (np.array([plan[name] for plan in plans], float) for name in ("accuracy", "latencyMs"))
    return Plans(title, accuracy, latency, plans, record)


def check(document, wanted, path):
    if document.get("format") != wanted or document.get("version") not in (1, 2):
        raise ValueError(f"{path} is no {wanted} of version 1 or 2, but {document.get('format')} {document.get('version')}")
    return document
