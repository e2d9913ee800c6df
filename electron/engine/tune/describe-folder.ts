import type { TunedNetwork } from "./tuned-graph.ts";

/** README.txt of a training's folder. @param hasTeacher another network than its own is learnt from */
export function describeFolder({ backbone, heads }: TunedNetwork, hasTeacher: boolean): string {
  const { summary } = backbone;
  const exits = heads.length === 1 ? "one exit" : `${heads.length} exits`;
  const teacher = hasTeacher ? "teacher.py   the network that is learnt from; weights in teacher.npz\n" : "";
  return `The training of ${JSON.stringify(summary.name)} with ${exits}, as Offramp wrote it.

network.py   the network and its exits as a PyTorch module; weights in weights.npz
${teacher}train.py     trains it, with checkpoint.py, compare.py, data.py, files.py, folder.py and norms.py; needs PyTorch and NumPy alone
recipe.json  everything that can be chosen; \`offramp tune --help\` says what each is
images/      memory-mapped images and their labels; or files.json, a list of files that Pillow decodes, which says under root where they lie
reference.npz, lines.json   what ONNX Runtime computes: train.py compares the module with it before it trains anything

Run it here, on one CPU or GPU:

    python3 train.py

on several GPUs or machines:

    torchrun --nproc-per-node 4 train.py

or under SLURM, a task for each GPU:

    #!/bin/bash
    #SBATCH --nodes=2 --ntasks-per-node=4 --gpus-per-node=4
    export MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1) MASTER_PORT=29500
    srun bash -c 'RANK=$SLURM_PROCID LOCAL_RANK=$SLURM_LOCALID WORLD_SIZE=$SLURM_NTASKS python3 train.py'

It says what it does in lines of JSON, writes checkpoint.npz after every epoch, from which the same command goes on, and the best
weights so far as tuned.npz. Bring them back with

    offramp tune PROJECT.offramp --results THIS_FOLDER -o TUNED.offramp

for which recipe.json and tuned.npz are enough. In PyTorch itself, tuned.npz is a state_dict of network.py's Network, and beside it the
logits of the reference's images:

    tuned = {name: torch.from_numpy(values) for name, values in numpy.load("tuned.npz").items() if not name.startswith("logits-")}
    network = Network()
    network.load_state_dict(tuned)
    network.eval()
`;
}
