import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../errors.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Tells keys apart without telling anything of the key. */
const idOf = (key: Buffer): string =>
  createHash('sha256').update('key id').update(key).digest('hex').slice(0, 16);

/**
 * Encrypts a value with AES-256-GCM, bound to its name and key, so that it opens under no other name. The result is
 * text: the key's id, the nonce, and what was encrypted with its tag.
 */
export function seal(key: Buffer, name: string, value: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const id = idOf(key);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(`${id} ${name}`));
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [id, nonce.toString('base64'), sealed.toString('base64')].join('.');
}

/**
 * Decrypts what {@link seal} gave.
 * @throws AppError `secret.wrong_key`, `secret.damaged`
 */
export function unseal(key: Buffer, name: string, text: string): string {
  const [id = '', nonce = '', sealed = ''] = text.split('.');
  if (id !== idOf(key))
    throw new AppError('secret.wrong_key', `The secret "${name}" was encrypted with another key.`, {
      fix: 'Set ACAS_SECRETS_KEY, or put back the key file, that it was made with; or set the secret again.',
    });
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(`${id} ${name}`)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new AppError('secret.damaged', `The secret "${name}" is not as it was stored.`, {
      fix: 'Set the secret again.',
      cause,
    });
  }
}
