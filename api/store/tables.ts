import type { Generated, Kysely } from 'kysely';

/** Json columns hold text at this level (`text.ts` reads and writes it), times are ISO strings on both engines. */
type JsonText = string;
type Time = string;
/** SQLite has no booleans: what is read is 0 or 1 there. */
type Flag = boolean;

export interface WorkflowsTable {
  id: string;
  name: string;
  description: string | null;
  version: string;
  definition: JsonText;
  enabled: Flag;
  created_at: Time;
  updated_at: Time;
  author_id: string;
  metadata: JsonText;
  revision: number;
  published_version: number | null;
  draft_source: string | null;
  draft_format: 'yaml' | 'json' | null;
  draft_definition: JsonText | null;
  deleted_at: Time | null;
  /** Lower-case name, id, description and tags: what a search looks through. */
  search_text: string;
}

export interface WorkflowVersionsTable {
  workflow_id: string;
  version: number;
  definition: JsonText;
  source: string;
  format: 'yaml' | 'json';
  note: string | null;
  author_id: string;
  created_at: Time;
}

export interface WorkflowExecutionsTable {
  id: string;
  workflow_id: string;
  status: string;
  triggered_by: JsonText;
  context: JsonText | null;
  started_at: Time;
  ended_at: Time | null;
  duration_ms: number | null;
  output: JsonText | null;
  error_message: string | null;
  workflow_version: number | null;
  retry_of: string | null;
  variables: JsonText | null;
  steps_count: number;
  error: JsonText | null;
}

export interface StepExecutionsTable {
  id: string;
  execution_id: string;
  /** Place in the run's list of steps, from 0. */
  position: number;
  path: string;
  step_id: string;
  step_name: string;
  type: string;
  status: string;
  attempt: number;
  started_at: Time | null;
  ended_at: Time | null;
  duration_ms: number | null;
  input: JsonText | null;
  output: JsonText | null;
  error_message: string | null;
  error: JsonText | null;
}

export interface WorkflowTriggersTable {
  id: string;
  workflow_id: string;
  trigger_id: string;
  type: string;
  config: JsonText;
  enabled: Flag;
  created_at: Time;
}

export interface WatermarksTable {
  name: string;
  value: string;
}

export interface AuditTable {
  id: Generated<number>;
  at: Time;
  actor: string;
  action: string;
  subject: string;
  details: JsonText | null;
}

export interface SecretsTable {
  name: string;
  description: string | null;
  /** Encrypted; see shared/node/secrets/seal.ts. */
  sealed: string;
  created_at: Time;
  updated_at: Time;
}

export interface ChatSessionsTable {
  id: string;
  title: string;
  created_at: Time;
  updated_at: Time;
}

export interface ChatMessagesTable {
  id: Generated<number>;
  session_id: string;
  role: 'user' | 'workflow';
  author: string | null;
  text: string;
  data: JsonText | null;
  execution_id: string | null;
  idempotency_key: string;
  created_at: Time;
}

export interface EventsTable {
  id: Generated<number>;
  kind: 'activity' | 'escalation';
  idempotency_key: string;
  event: JsonText;
  outcome: JsonText | null;
  created_at: Time;
}

export interface BlobsTable {
  ref: string;
  bytes: Uint8Array;
  size: number;
  created_at: Time;
}

export interface Tables {
  workflows: WorkflowsTable;
  workflow_versions: WorkflowVersionsTable;
  workflow_executions: WorkflowExecutionsTable;
  step_executions: StepExecutionsTable;
  workflow_triggers: WorkflowTriggersTable;
  watermarks: WatermarksTable;
  audit: AuditTable;
  secrets: SecretsTable;
  chat_sessions: ChatSessionsTable;
  chat_messages: ChatMessagesTable;
  events: EventsTable;
  blobs: BlobsTable;
}

export type Db = Kysely<Tables>;
