import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { placeOf, toAppError } from './failures.ts';

const thrownBy = (action: () => unknown): unknown => {
  try {
    action();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

describe('placeOf', () => {
  it.each([
    ['.acas/acas.db', '.acas/acas.db'],
    ['postgres://ada:secret@db.example:5433/acas?password=secret', 'postgres://ada@db.example:5433/acas'],
    ['postgresql://db.example/acas', 'postgresql://db.example/acas'],
    ['postgres://ada:secret@[nowhere/acas', 'the address in DATABASE_URL'],
  ])('shows %s without password as %s', (url, place) => {
    expect(placeOf(url)).toBe(place);
  });
});

describe('toAppError', () => {
  it('reports a file that another process keeps locked', () => {
    const folder = mkdtempSync(join(tmpdir(), 'acas-failures-'));
    const path = join(folder, 'a.db');
    const [holder, waiter] = [new Database(path), new Database(path, { timeout: 0 })];
    holder.exec('begin exclusive');
    const thrown = thrownBy(() => waiter.exec('begin immediate'));
    expect(toAppError(thrown, path)).toMatchObject({
      name: 'AppError',
      code: 'store.busy',
      message: expect.stringContaining(path),
      cause: thrown,
    });
    holder.close();
    waiter.close();
    rmSync(folder, { recursive: true });
  });

  it('names the cause where a refused connection has no message of its own', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    const failure = toAppError(refused, 'postgres://ada:secret@db.example/acas');
    expect(failure).toMatchObject({
      code: 'store.unreachable',
      message: 'The database postgres://ada@db.example/acas cannot be opened: ECONNREFUSED.',
    });
  });

  it('returns what is no failure of the connection as it came', () => {
    const duplicate = Object.assign(new Error('duplicate key'), { code: '23505' });
    expect(toAppError(duplicate, 'a.db')).toBe(duplicate);
    expect(toAppError('text', 'a.db')).toBe('text');
  });
});
