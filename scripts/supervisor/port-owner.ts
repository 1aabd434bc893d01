import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { AppError } from '#shared/errors.ts';
import { isFree } from '../ports.ts';

const listening = '0A';

const socketInodes = (port: number): Set<string> => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return new Set(
    fields.filter((f) => f[1]?.endsWith(`:${hex}`) && f[3] === listening).map((f) => `socket:[${f[9]}]`),
  );
};

const holds = (pid: string, sockets: Set<string>): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false; // Another user's process, or one that ended while we looked.
  }
};

const linuxOwner = (port: number): string | null => {
  const sockets = socketInodes(port);
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, sockets));
  if (pid === undefined) return null;
  return `process ${pid} (${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()})`;
};

const otherOwner = (port: number): string | null => {
  const text = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' });
  const [, pid, name] = /^p(\d+)[\s\S]*?^c(.*)$/m.exec(text) ?? [];
  return pid === undefined ? null : `process ${pid} (${name})`;
};

/** Who listens on a port, in words; null when the system does not tell. */
export function portOwner(port: number): string | null {
  try {
    return process.platform === 'linux' ? linuxOwner(port) : otherOwner(port);
  } catch {
    return null; // No lsof, or no right to look.
  }
}

/** @throws AppError `port.taken` that names the process which has the port, where the system tells it. */
export async function assertPortFree(port: number, host: string): Promise<void> {
  if (port === 0 || (await isFree(port, host))) return;
  const owner = portOwner(port) ?? 'another process';
  throw new AppError('port.taken', `Port ${port} of ${host} is in use by ${owner}.`, {
    fix: `Stop it, or start on another port: PORT=${port + 1} npm start`,
    details: { port, host },
  });
}
