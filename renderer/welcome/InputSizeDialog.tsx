import { useId, useState } from "react";
import { dropQuestions, type InputSizeQuestion, useModelQuestions } from "../state/model-questions.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import fieldStyles from "../ui/Field.module.css";
import styles from "./InputSizeDialog.module.css";
import { readInputSize } from "./input-size.ts";
import { nameAndFolder } from "./recent-files.ts";

/** Asks for the image size of a model that leaves it open, then opens it. */
export function InputSizeDialog() {
  const question = useModelQuestions(({ inputSize }) => inputSize);
  return question && <Question key={question.path} {...question} />;
}

function Question({ path, answer }: InputSizeQuestion) {
  const form = useId();
  const [height, setHeight] = useState("224");
  const [width, setWidth] = useState("224");
  const size = readInputSize(height, width);
  const open = () => {
    if (!size) return;
    dropQuestions();
    answer(size);
  };
  return (
    <Dialog
      title="How large are its images?"
      description={`${nameAndFolder(path).name} leaves the size of its images open. Exits are placed and timed for one size.`}
      open
      onClose={dropQuestions}
      actions={
        <>
          <Button onClick={dropQuestions}>Cancel</Button>
          <Button look="primary" type="submit" form={form} disabled={!size}>
            Open
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.sides}
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <Side label="Height (px)" text={height} onText={setHeight} />
        <Side label="Width (px)" text={width} onText={setWidth} />
      </form>
      {!size && <p className={styles.expected}>Expected whole numbers from 1 to 16384.</p>}
    </Dialog>
  );
}

interface SideProps {
  readonly label: string;
  readonly text: string;
  onText(text: string): void;
}

function Side({ label, text, onText }: SideProps) {
  const id = useId();
  return (
    <div className={fieldStyles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={fieldStyles.control}
        type="text"
        inputMode="numeric"
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  );
}
