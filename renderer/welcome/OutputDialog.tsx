import { useId, useState } from "react";
import { dropQuestions, type OutputQuestion, useModelQuestions } from "../state/model-questions.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import styles from "./OutputDialog.module.css";
import { nameAndFolder } from "./recent-files.ts";

/** Asks which tensor holds a model's class scores, then continues with what needed to know. */
export function OutputDialog() {
  const question = useModelQuestions(({ output }) => output);
  return question && <Question key={question.path} {...question} />;
}

function Question({ path, candidates, areInside, answer }: OutputQuestion) {
  const form = useId();
  const [chosen, setChosen] = useState(candidates[0].name);
  const { name } = nameAndFolder(path);
  const description = areInside
    ? `${name} gives only its answer. Exits need the class scores that the answer is read off.`
    : `${name} gives several results that may be the scores of its classes. Exits go by one of them.`;
  return (
    <Dialog
      title="Which are its class scores?"
      description={description}
      open
      onClose={dropQuestions}
      actions={
        <>
          <Button onClick={dropQuestions}>Cancel</Button>
          <Button look="primary" type="submit" form={form}>
            Use these
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          dropQuestions();
          answer(chosen);
        }}
      >
        <fieldset className={styles.candidates}>
          <legend>Tensor</legend>
          {candidates.map((candidate) => (
            <label key={candidate.name} className={styles.candidate}>
              <input
                type="radio"
                name="output"
                checked={candidate.name === chosen}
                onChange={() => setChosen(candidate.name)}
              />
              <span className={styles.name}>{candidate.name}</span>
              <span className={styles.shape}>
                {candidate.type} [{candidate.shape.join(", ")}]
              </span>
            </label>
          ))}
        </fieldset>
      </form>
    </Dialog>
  );
}
