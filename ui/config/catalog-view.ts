import type { CatalogAction } from '#shared/catalog/catalog.ts';
import type { PluginView } from '#shared/catalog/plugin.ts';
import type { Language } from '#shared/definition/language.ts';

/** What a workflow can be made of, as `GET /api/workflows/actions` answers it. */
export interface CatalogView extends Language {
  items: CatalogAction[];
  plugins: PluginView[];
}

/** The action of that type, where the library has it. */
export const actionOf = (catalog: CatalogView, type: string | undefined): CatalogAction | undefined =>
  type === undefined ? undefined : catalog.items.find((action) => action.type === type);
