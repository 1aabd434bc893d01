import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { ensureKey, readKey } from './key.ts';
import { seal, unseal } from './seal.ts';
import { openSecrets } from './secrets.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'acas-secrets-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const KEY = Buffer.alloc(32, 7);

const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (thrown) {
    return (thrown as { code?: string }).code;
  }
};

describe('a sealed secret', () => {
  it('opens to what it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) =>
        expect(unseal(KEY, 'A', seal(KEY, 'A', value))).toBe(value),
      ),
    );
  });

  it('is another each time, and shows nothing of its value', () => {
    expect(seal(KEY, 'A', 'hunter22')).not.toBe(seal(KEY, 'A', 'hunter22'));
    expect(seal(KEY, 'A', 'hunter22')).not.toContain('hunter22');
  });

  it('opens neither with another key nor under another name, nor once it was changed', () => {
    const sealed = seal(KEY, 'A', 'hunter22');
    expect(codeOf(() => unseal(Buffer.alloc(32, 8), 'A', sealed))).toBe('secret.wrong_key');
    expect(codeOf(() => unseal(KEY, 'B', sealed))).toBe('secret.damaged');
    const [id, nonce, bytes = ''] = sealed.split('.');
    const changed = Buffer.from(bytes, 'base64');
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(codeOf(() => unseal(KEY, 'A', [id, nonce, changed.toString('base64')].join('.')))).toBe(
      'secret.damaged',
    );
  });
});

describe('the key', () => {
  it('is made once, for its owner alone', () => {
    expect(readKey({ home })).toBeUndefined();
    const key = ensureKey({ home });
    expect(ensureKey({ home })).toEqual(key);
    expect(statSync(join(home, 'secrets.key')).mode & 0o777).toBe(0o600);
  });

  it('is refused where others may read it, or where it is none', () => {
    ensureKey({ home });
    chmodSync(join(home, 'secrets.key'), 0o644);
    expect(codeOf(() => readKey({ home }))).toBe('secret.open_key');
    writeFileSync(join(home, 'secrets.key'), 'short');
    chmodSync(join(home, 'secrets.key'), 0o600);
    expect(codeOf(() => ensureKey({ home }))).toBe('secret.bad_key');
  });

  it('of the configuration needs no file', () => {
    expect(ensureKey({ home, key: KEY.toString('base64') })).toEqual(KEY);
    expect(existsSync(join(home, 'secrets.key'))).toBe(false);
  });
});

describe('secrets', () => {
  const stored = (name: string, value: string): void => {
    const file = new Database(join(home, 'acas.db'));
    file.exec('create table secrets (name text, sealed text)');
    file.prepare('insert into secrets values (?, ?)').run(name, seal(ensureKey({ home }), name, value));
    file.close();
  };

  it('come from the store, else from a file, else from the environment', async () => {
    stored('A', 'stored');
    const secrets = openSecrets({ home, folder: home, environment: { A: 'env', B: 'env', C: 'env' } });
    writeFileSync(join(home, 'A'), 'file');
    writeFileSync(join(home, 'B'), 'file\n');
    expect([await secrets.get('A'), await secrets.get('B'), await secrets.get('C')]).toEqual([
      'stored',
      'file',
      'env',
    ]);
  });

  it.each(['NONE', 'constructor', '../acas.db', ''])('named %p do not exist', async (name) => {
    const secrets = openSecrets({ home, folder: home, environment: {} });
    await expect(secrets.get(name)).rejects.toMatchObject({ code: 'secret.unknown' });
  });

  it('that were stored need their key', async () => {
    stored('A', 'stored');
    rmSync(join(home, 'secrets.key'));
    await expect(openSecrets({ home, environment: {} }).get('A')).rejects.toMatchObject({
      code: 'secret.no_key',
    });
  });
});
