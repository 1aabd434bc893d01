import { isObject, type JsonObject } from '#shared/json.ts';

/** The type of a step as it is written; empty where there is none. */
export const typeOf = (step: JsonObject): string => (typeof step.type === 'string' ? step.type : '');

/** The type of the step's action, where one is chosen. */
export function actionTypeOf(step: JsonObject): string | undefined {
  const type = isObject(step.action) ? step.action.type : undefined;
  return typeof type === 'string' && type !== '' ? type : undefined;
}
