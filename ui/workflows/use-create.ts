import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { request } from '#ui/api/client.ts';
import { paths } from '#ui/app/paths.ts';
import { tellError } from '#ui/kit/toast.ts';
import { FIRST_WORKFLOW } from './first-workflow.ts';
import type { DefinitionText } from './text.ts';
import { refreshWorkflows } from './use-workflow-actions.ts';

/** Creating workflows: each way leads to the page of what it made. */
export interface Creation {
  isBusy: boolean;
  /** Saves a draft whatever its problems, and opens it. True where it is there. */
  draft(body: DefinitionText): Promise<boolean>;
  /** Publishes the first workflow, runs it and opens the execution. */
  example(): Promise<boolean>;
}

/** Creates workflows and opens them; tells what fails. */
export function useCreate(): Creation {
  const [isBusy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const doing = async (work: () => Promise<string>): Promise<boolean> => {
    setBusy(true);
    try {
      const address = await work();
      refreshWorkflows(client);
      navigate(address);
      return true;
    } catch (thrown) {
      tellError('The workflow could not be created', thrown);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    draft: (body) =>
      doing(async () => {
        const { id } = await request('post', '/api/workflows', { query: { draft: true }, body });
        return paths.workflow(id);
      }),
    example: () =>
      doing(async () => {
        const { id } = await request('post', '/api/workflows', { body: FIRST_WORKFLOW });
        const { executionId } = await request('post', '/api/workflows/:id/execute', { params: { id } });
        return paths.execution(executionId);
      }),
  };
}
