import { openPath } from "../state/documents.ts";
import { answerAboutModel, useDroppedModel } from "../state/drop/dropped-model.ts";
import { useOpenProject } from "../state/project-store.ts";
import { addNetworkFrom, obstacleToAdding } from "../state/stages/members.ts";
import { useObstacleToMeasuring } from "../state/stages/quantise.ts";
import { measureReference, useChanging } from "../state/stages/run-stages.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { nameAndFolder } from "../welcome/recent-files.ts";

/** Asks what a model is to be that was dropped on an open project. */
export function DroppedModelDialog() {
  const path = useDroppedModel((state) => state.path);
  return path === null ? null : <Question path={path} />;
}

function Question({ path }: { readonly path: string }) {
  const project = useOpenProject();
  const changing = useChanging();
  const obstacle = obstacleToAdding(project);
  const unmeasured = useObstacleToMeasuring();
  const take = (how: () => Promise<void>) => () => void answerAboutModel(how);
  const leave = () => void answerAboutModel();
  const { name } = nameAndFolder(path);
  return (
    <Dialog
      title={`What is ${name} to be?`}
      description={`It was dropped on the project ${project.name}.`}
      open
      onClose={leave}
      actions={
        <>
          <Button onClick={leave}>Cancel</Button>
          <Button onClick={take(() => openPath(path))}>Open it instead</Button>
          <Button
            title={unmeasured}
            disabled={changing || project.heads.length === 0 || unmeasured !== undefined}
            onClick={take(() => measureReference(path))}
          >
            Reference model
          </Button>
          <Button
            look="primary"
            title={obstacle}
            disabled={changing || obstacle !== undefined}
            onClick={take(() => addNetworkFrom(path))}
          >
            Add network
          </Button>
        </>
      }
    >
      <p>
        As a network of the project, plans may go through it before or behind {project.backbone.name}. As a
        reference model it is a point on the chart that plans have to beat. Opened, it takes the project's
        place.
      </p>
    </Dialog>
  );
}
