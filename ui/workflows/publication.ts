/** What of a workflow is published, in words, and the tone they are shown in. */
export interface Publication {
  words: string;
  tone: 'success' | 'retrying' | 'queued';
}

/** Whether a workflow is published, and whether its draft says something else. */
export function publicationOf({
  publishedVersion,
  hasDraft,
}: {
  publishedVersion: number | null;
  hasDraft: boolean;
}): Publication {
  if (publishedVersion === null) return { words: 'Never published', tone: 'queued' };
  if (hasDraft) return { words: `v${publishedVersion}, draft changes`, tone: 'retrying' };
  return { words: `Published v${publishedVersion}`, tone: 'success' };
}

/** `98 %`, or a dash before the first execution has ended. */
export const rateText = ({
  recent,
  successRate,
}: {
  recent: readonly unknown[];
  successRate: number;
}): string => (recent.length === 0 ? '–' : `${Math.floor(successRate * 100)} %`);
