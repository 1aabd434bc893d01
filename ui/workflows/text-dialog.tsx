import { Button, FileButton, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { request } from '#ui/api/client.ts';
import { ProblemLines } from './problem-lines.tsx';
import { withFormat, withoutId } from './text.ts';
import type { Creation } from './use-create.ts';
import { DEFINITION_FILES, textOfFile } from './use-file-drop.ts';
import classes from './workflows.module.css';

const TYPING = 400;

/** What is wrong with a definition, as the API sees it; asked again when it has not changed for a moment. */
function useProblems(text: string) {
  const [settled] = useDebouncedValue(text, TYPING);
  const { data, error } = useQuery({
    queryKey: ['validation', settled],
    queryFn: ({ signal }) =>
      request('post', '/api/workflows/validate', { body: withFormat(settled), signal }),
    enabled: settled.trim() !== '',
    gcTime: 0,
  });
  return { problems: settled === text ? data?.problems : undefined, error };
}

/** Takes a definition that is pasted, chosen or dropped, says what is wrong with it, and creates a draft of it. */
export function TextDialog({
  start,
  creation,
  onClose,
}: {
  start: string;
  creation: Creation;
  onClose: () => void;
}) {
  const [text, setText] = useState(start);
  const { problems, error } = useProblems(text);
  const create = async (): Promise<void> => {
    if (await creation.draft(withoutId(withFormat(text)))) onClose();
  };
  const read = async (file: File | null): Promise<void> => {
    const read = file && (await textOfFile(file));
    if (read) setText(read);
  };
  return (
    <Modal opened onClose={onClose} title="New workflow from YAML or JSON" size={760}>
      <Stack gap="sm">
        <Textarea
          label="Definition"
          description="Paste it here, choose a file, or drop one anywhere on the page. It gets an id of its own."
          className={classes.code}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          rows={16}
          spellCheck={false}
          data-autofocus
        />
        <div className={classes.verdict}>
          {text.trim() !== '' && <Verdict problems={problems} error={error} />}
        </div>
        <Group justify="space-between">
          <FileButton accept={DEFINITION_FILES} onChange={(file) => void read(file)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<FileUp size={14} aria-hidden />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <Group>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={creation.isBusy} disabled={text.trim() === ''} onClick={() => void create()}>
              {problems && problems.length > 0 ? 'Create draft with problems' : 'Create draft'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}

function Verdict({
  problems,
  error,
}: {
  problems: Parameters<typeof ProblemLines>[0]['problems'] | undefined;
  error: Error | null;
}) {
  if (error) return <Text size="sm">It could not be checked: {error.message}</Text>;
  if (!problems) return <Text size="sm">Checking…</Text>;
  if (problems.length === 0) return <Text size="sm">No problems found.</Text>;
  return <ProblemLines problems={problems} />;
}
