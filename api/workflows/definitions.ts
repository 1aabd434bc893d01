import { LARGEST_NUMBER } from '#shared/contract/common.ts';
import { routes } from '#shared/contract/routes.ts';
import { dashed } from '#shared/definition/slug.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import { AppError } from '#shared/errors.ts';
import { isObject, type JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import type { DefinitionText } from '../http/body.ts';
import { Invalid } from '../http/problems.ts';
import type { Checked } from '../reader/tasks.ts';
import type { Draft, VersionRecord, WorkflowRecord } from '../store/workflow-record.ts';

/** A definition that was read, fit to be saved. `workflow` is there where it may be published. */
export interface Definition {
  draft: Draft;
  name: string;
  description: string;
  metadata: JsonObject;
  workflow: Workflow | undefined;
  /** The id as written; derived ones follow the name. */
  givenId: string | undefined;
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

/** Reads a definition. Unless it is only to be a draft, any problem is the error `workflow.invalid`. */
export async function readDefinition(
  { reader }: Deps,
  { text, format }: DefinitionText,
  isDraft: boolean,
): Promise<Definition> {
  const { workflow, problems, value: written } = await reader.check(text);
  if (problems.length > 0 && !isDraft) {
    const [first] = problems;
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    throw new Invalid('workflow.invalid', `The definition has ${count}. ${first?.message ?? ''}`, problems);
  }
  const value = isObject(written) ? written : {};
  const metadata = isObject(value.metadata) ? value.metadata : {};
  return {
    draft: { source: text, format, definition: isObject(written) ? written : null },
    name: workflow?.name ?? textOr(value.name, 'Untitled workflow'),
    description: workflow?.description ?? textOr(value.description, ''),
    metadata: { ...metadata, tags: workflow?.tags ?? [] },
    workflow: problems.length === 0 ? workflow : undefined,
    givenId: typeof value.id === 'string' && /^[A-Za-z][A-Za-z0-9_-]*$/.test(value.id) ? value.id : undefined,
  };
}

/** Ids that no workflow can have, for paths of the API have a use of their own for them. */
const TAKEN = new Set(
  Object.values(routes).flatMap(({ path }) => /^\/api\/workflows\/([a-z]+)$/.exec(path)?.[1] ?? []),
);

/** Refuses an id that the API could not tell from a path of its own. Throws `workflow.reserved_id`. */
export function refuseTaken(id: string): void {
  if (!TAKEN.has(id)) return;
  const message = `A workflow cannot have the id "${id}": the API has a path of that name.`;
  const fix = 'Choose another id.';
  throw new Invalid('workflow.invalid', message, [
    { code: 'workflow.reserved_id', message, path: 'id', fix },
  ]);
}

/** An id after the name that no workflow has yet. */
export async function freeId({ store }: Deps, name: string): Promise<string> {
  const base = dashed(name);
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!TAKEN.has(id) && (await store.workflows.get(id)) === undefined) return id;
  }
}

/** The record of a workflow. Throws `workflow.not_found`. */
export async function workflowOf({ store }: Deps, id: string): Promise<WorkflowRecord> {
  const record = await store.workflows.get(id);
  if (record) return record;
  throw new AppError('workflow.not_found', `There is no workflow "${id}".`, {
    fix: 'GET /api/workflows lists them.',
  });
}

/** A published version. Throws `workflow.no_version`. */
export async function versionOf(
  { store }: Deps,
  id: string,
  version: number | string,
): Promise<VersionRecord> {
  const number = Number(version);
  const isVersion = Number.isInteger(number) && number > 0 && number <= LARGEST_NUMBER;
  const record = isVersion ? await store.workflows.version(id, number) : undefined;
  if (record) return record;
  throw new AppError('workflow.no_version', `Workflow "${id}" has no version ${version}.`, {
    fix: `GET /api/workflows/${id}/versions lists them.`,
  });
}

/** A definition that was read, if it can be run. Throws `workflow.invalid` where it cannot. */
export function runnable(id: string, { workflow, problems }: Checked): Workflow {
  if (workflow && problems.length === 0) return { ...workflow, id };
  throw new Invalid(
    'workflow.invalid',
    `Workflow "${id}" cannot be run as it is. ${problems[0]?.message ?? ''}`,
    problems,
  );
}

/** What `execute` runs: the published version, or the draft on request. Throws `workflow.not_published`. */
export async function latest(
  deps: Deps,
  record: WorkflowRecord,
  useDraft = false,
): Promise<{ workflow: Workflow; version: number }> {
  const { id, publishedVersion, draft } = record;
  const { reader } = deps;
  if (useDraft && draft)
    return {
      workflow: runnable(id, await reader.checkPublished(draft.source)),
      version: publishedVersion ?? 0,
    };
  if (publishedVersion === null)
    throw new AppError('workflow.not_published', `Workflow "${id}" is only a draft.`, {
      fix: `Publish it with POST /api/workflows/${id}/publish, or send { "draft": true }.`,
    });
  const version = await versionOf(deps, id, publishedVersion);
  const workflow = runnable(id, await reader.checkPublished(version.definition));
  return { workflow, version: publishedVersion };
}
