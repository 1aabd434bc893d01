import { readFileSync } from 'node:fs';
import proto, { type temporal } from '@temporalio/proto';
import type { State } from '#shared/machine/state.ts';

type History = temporal.api.history.v1.IHistory;

const { History: HistoryType } = proto.temporal.api.history.v1;

/** A history as JSON that reads well: numbers too large for JavaScript and bytes as text, enums by name. */
export const historyToObject = (history: History): object =>
  HistoryType.toObject(HistoryType.fromObject(history), { longs: String, bytes: String, enums: String });

/** A recorded run: the histories of its chain, oldest first, and the state that the live run ended in. */
export interface RecordedHistory {
  workflowId: string;
  histories: History[];
  state: State;
}

/** Reads what `test/record-histories.ts` wrote. */
export function readHistory(folder: URL, name: string): RecordedHistory {
  const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const { workflowId, histories } = read(`${name}.json`) as { workflowId: string; histories: object[] };
  return {
    workflowId,
    histories: histories.map((one) => HistoryType.fromObject(one)),
    state: read(`${name}.state.json`) as State,
  };
}
