import { dropMissQuestion, takeAnyway, useMissQuestion } from "../state/take-recommended.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Statements } from "../ui/Statements.tsx";

/** Says what the plan that is to be taken misses, and takes it if the person wants it all the same. */
export function MissDialog() {
  const question = useMissQuestion((state) => state.question);
  if (!question) return null;
  return (
    <Dialog
      title="No plan meets the use case"
      description="The nearest one misses it. Take it all the same?"
      open
      onClose={dropMissQuestion}
      actions={
        <>
          <Button onClick={dropMissQuestion}>Cancel</Button>
          <Button look="primary" onClick={takeAnyway}>
            Take the nearest plan
          </Button>
        </>
      }
    >
      <Statements statements={question.misses} />
    </Dialog>
  );
}
