import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { tellError } from '#ui/kit/toast.ts';

/** What is asked before something that cannot be taken back. */
export interface Question {
  title: string;
  detail: ReactNode;
  /** The verb on the button. */
  verb: string;
  act(): Promise<unknown>;
}

/** Asks before something that cannot be taken back; closed while there is no question. */
export function Confirm({ question, onClose }: { question: Question | undefined; onClose: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const act = async (asked: Question): Promise<void> => {
    setBusy(true);
    try {
      await asked.act();
      onClose();
    } catch (thrown) {
      tellError(`${asked.title} failed`, thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={question !== undefined} onClose={onClose} title={question?.title}>
      {question && (
        <Stack>
          <Text size="sm" className="inert">
            {question.detail}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Back
            </Button>
            <Button color="red" loading={isBusy} onClick={() => void act(question)}>
              {question.verb}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
