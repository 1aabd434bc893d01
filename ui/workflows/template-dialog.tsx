import { Badge, Modal, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Template } from '#shared/contract/workflow.ts';
import { templatesQuery } from '#ui/api/queries.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { NotLoaded } from '#ui/pages/page.tsx';
import { ofTemplate, stepNames } from './text.ts';
import type { Creation } from './use-create.ts';
import classes from './workflows.module.css';

const MOST_STEPS = 5;

const fits = ({ title, description }: Template, wanted: string): boolean =>
  `${title}\n${description}`.toLowerCase().includes(wanted.trim().toLowerCase());

/** Shows every template and creates a draft of the one chosen. */
export function TemplateDialog({ creation, onClose }: { creation: Creation; onClose: () => void }) {
  const { data, error, refetch } = useQuery(templatesQuery);
  const [wanted, setWanted] = useState('');
  const choose = async (template: Template): Promise<void> => {
    if (await creation.draft(ofTemplate(template))) onClose();
  };
  const shown = data?.filter((template) => fits(template, wanted));
  return (
    <Modal opened onClose={onClose} title="New workflow from a template" size={900}>
      <TextInput
        aria-label="Search templates"
        placeholder="Search templates"
        value={wanted}
        onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        mb="md"
        data-autofocus
      />
      {error && !data && <NotLoaded what="The templates" error={error} onRetry={refetch} />}
      {shown?.length === 0 && <Notice title="No template goes by that name" />}
      <div className={classes.cards}>
        {!data && !error && ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => <Skeleton key={key} height={140} />)}
        {shown?.map((template) => (
          <TemplateCard
            key={`${template.source} ${template.id}`}
            template={template}
            isBusy={creation.isBusy}
            onChoose={() => void choose(template)}
          />
        ))}
      </div>
    </Modal>
  );
}

function TemplateCard({
  template,
  isBusy,
  onChoose,
}: {
  template: Template;
  isBusy: boolean;
  onChoose: () => void;
}) {
  const { title, description, source, definition } = template;
  const names = stepNames(definition).map((name, index) => `${index + 1}. ${name}`);
  return (
    <button type="button" className={classes.card} disabled={isBusy} onClick={onChoose}>
      <span className={`${classes.cardTitle} inert`}>{title}</span>
      {source !== 'product' && (
        <Badge size="xs" variant="default" className={classes.tag}>
          {source}
        </Badge>
      )}
      <span className={`${classes.cardText} inert`}>{description}</span>
      <span className={classes.steps}>
        {names.slice(0, MOST_STEPS).map((name) => (
          <span key={name} className={`${classes.step} one-line inert`}>
            {name}
          </span>
        ))}
        {names.length > MOST_STEPS && (
          <span className={classes.step}>and {names.length - MOST_STEPS} more</span>
        )}
      </span>
    </button>
  );
}
