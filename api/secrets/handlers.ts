import { AppError } from '#shared/errors.ts';
import { ensureKey, type KeyPlace } from '#shared/node/secrets/key.ts';
import { seal, unseal } from '#shared/node/secrets/seal.ts';
import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/mount.ts';

type SecretRoutes = 'listSecrets' | 'createSecret' | 'replaceSecret' | 'deleteSecret';

const unknown = (name: string): AppError =>
  new AppError('secret.not_found', `There is no secret "${name}".`, { fix: 'GET /api/secrets lists them.' });

/** Throws AppError `secret.wrong_key` where the key does not fit the secrets there are. */
export async function checkKey({ store }: Pick<Deps, 'store'>, place: KeyPlace): Promise<void> {
  const sample = await store.secrets.sample();
  if (sample) unseal(ensureKey(place), sample.name, sample.sealed);
}

/** Keeps secrets and tells their names. No answer ever holds a value. */
export function secretHandlers({ store, secretKey }: Deps): Pick<Handlers, SecretRoutes> {
  const factsOf = async (name: string) => {
    const found = (await store.secrets.list()).find((secret) => secret.name === name);
    if (!found) throw unknown(name);
    return found;
  };
  return {
    listSecrets: async () => ({ items: await store.secrets.list() }),
    async createSecret({ body: { name, value, description = null } }) {
      const sealed = seal(ensureKey(secretKey), name, value);
      if (!(await store.secrets.create({ name, description, sealed })))
        throw new AppError('secret.exists', `There is a secret "${name}" already.`, {
          fix: `PUT /api/secrets/${name} replaces it.`,
        });
      return factsOf(name);
    },
    async replaceSecret({ params, body: { value, description = null } }) {
      const name = params.name ?? '';
      const sealed = seal(ensureKey(secretKey), name, value);
      if (!(await store.secrets.replace({ name, description, sealed }))) throw unknown(name);
      return factsOf(name);
    },
    async deleteSecret({ params }) {
      const name = params.name ?? '';
      if (!(await store.secrets.remove(name))) throw unknown(name);
      return { name };
    },
  };
}
