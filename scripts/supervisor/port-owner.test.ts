import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { choosePort, isFree } from '../ports.ts';
import { assertPortFree, portOwner } from './port-owner.ts';

const server = createServer();
afterEach(() => void server.close());

describe('a taken port', () => {
  it('is reported with its owner and a way out', async () => {
    const port = await choosePort([], new Set());
    await assertPortFree(port, '127.0.0.1');
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isFree(port)).toBe(false);
    expect(portOwner(port)).toContain(`process ${process.pid} `);
    await expect(assertPortFree(port, '127.0.0.1')).rejects.toMatchObject({
      code: 'port.taken',
      message: expect.stringContaining(`process ${process.pid}`),
      fix: expect.stringContaining(`PORT=${port + 1}`),
    });
  });
});

describe('choosePort', () => {
  it('prefers the wanted ports in their order and gives none twice', async () => {
    const wanted = await choosePort([], new Set());
    const taken = new Set<number>();
    expect(await choosePort([0, wanted], taken)).toBe(wanted);
    expect(await choosePort([0, wanted], taken)).not.toBe(wanted);
    expect(taken.size).toBe(2);
  });
});
