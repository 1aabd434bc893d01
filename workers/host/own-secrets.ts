import type { Settings } from '../action.ts';

/** The operator's own keys and passwords, as the configuration holds them: no step may show them either. */
export function ownSecrets({ ai, mail, slack }: Settings): string[] {
  const password = mail.url === undefined ? undefined : decodeURIComponent(new URL(mail.url).password);
  const keys = Object.values(ai).map(({ apiKey }) => apiKey);
  return [...keys, slack.token, password].filter((value) => value !== undefined && value !== '') as string[];
}
