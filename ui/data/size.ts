import type { Json } from '#shared/json.ts';

/** `512 B`, `3.4 kB`, `12 MB` of a number of bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** About how many bytes a value takes as JSON, counted without building its text. */
export function sizeOf(value: Json): number {
  let size = 0;
  const open: Json[] = [value];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item === 'string') size += item.length + 2;
    else if (typeof item !== 'object' || item === null) size += String(item).length;
    else if (Array.isArray(item)) {
      size += item.length + 1;
      for (const part of item) open.push(part);
    } else {
      size += 2;
      for (const key in item) {
        size += key.length + 4;
        open.push(item[key] ?? null);
      }
    }
  }
  return size;
}
