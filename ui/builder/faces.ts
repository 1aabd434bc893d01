import type { Face } from '#ui/canvas/canvas-store.ts';
import type { CatalogAnswer } from './templates.ts';

/** How steps look, by their action or type. */
export function facesOf(catalog: CatalogAnswer | undefined): (type: string) => Face {
  const faces = new Map<string, Face>();
  for (const { type, title, icon } of catalog?.steps ?? []) faces.set(type, { icon, group: 'flow', title });
  for (const { type, title, icon, group } of catalog?.items ?? []) faces.set(type, { icon, group, title });
  return (type) => faces.get(type) ?? { icon: '', group: '', title: type };
}
