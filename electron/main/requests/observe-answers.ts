import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { Grants } from "../files/grants.ts";
import type { Journal } from "../journal/journal.ts";
import type { Answer } from "./router.ts";

export interface AnswerObserverParts {
  readonly journal: Journal;
  readonly grants: Grants;
  /** A file was opened or saved by this name. */
  readonly fileUsed: (path: string) => void;
}

/** Keeps grants, journal and recent files up to date with the answers that pass through the main process. */
export function answerObserver({ journal, grants, fileUsed }: AnswerObserverParts): (answer: Answer) => void {
  /** From now on requests may name the project's own places. */
  function grantPlaces({ projectPath, modelPath, data, references }: ProjectView): void {
    if (projectPath !== null) grants.add(projectPath);
    if (modelPath !== null) grants.addNamed(modelPath);
    if (data) grants.addNamed(data.path);
    for (const { path } of references) if (path !== undefined) grants.addNamed(path);
  }

  return (answer) => {
    switch (answer.channel) {
      case "model.open":
      case "project.open":
      case "project.sample":
        grantPlaces(answer.response.project);
        journal.opened({ channel: answer.channel, request: answer.request }, answer.response);
        if ("path" in answer.request) fileUsed(answer.request.path);
        break;
      case "journal.recover":
        grantPlaces(answer.response.project);
        break;
      case "project.save":
        if (answer.request.copy) break;
        journal.saved(answer.request.path, answer.request.design);
        fileUsed(answer.request.path);
        break;
      case "project.profileOn":
        grantPlaces(answer.response.project);
        journal.changed();
        break;
      case "project.train":
      case "project.profile":
      case "project.importProfile":
      case "project.removeProfile":
      case "project.search":
      case "project.addMember":
      case "project.removeMember":
      case "project.tune":
      case "project.takeTuning":
      case "project.addReference":
      case "project.quantise":
      case "project.removeReference":
        grantPlaces(answer.response);
        journal.changed();
        break;
    }
  };
}
