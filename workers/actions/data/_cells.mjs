/** Texts that are numbers, written as numbers are; 007 and +49 are none. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * What a field of a CSV stands for: with `typed`, numbers, true and false are read as such and an empty field as null;
 * texts with leading zeros, and numbers that would lose digits, stay texts.
 * @param {string} cell
 * @param {boolean} typed
 * @returns {string | number | boolean | null}
 */
export function cellValue(cell, typed) {
  if (!typed) return cell;
  if (cell === '') return null;
  if (cell === 'true' || cell === 'false') return cell === 'true';
  if (!NUMBER.test(cell)) return cell;
  const value = Number(cell);
  const isExact = Number.isInteger(value)
    ? Number.isSafeInteger(value)
    : cell.replace(/\D/g, '').length <= 16;
  return Number.isFinite(value) && isExact ? value : cell;
}
