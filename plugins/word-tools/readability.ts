/** Groups of vowels, without a silent e at the end: near enough to the syllables of an English word. */
const syllables = (word: string): number =>
  Math.max(
    1,
    (
      word
        .toLowerCase()
        .replace(/e$/, '')
        .match(/[aeiouy]+/g) ?? []
    ).length,
  );

/** Words, sentences and the Flesch reading ease of an English text, to one decimal. */
export function readability(text: string): { words: number; sentences: number; ease: number } {
  const words = text.match(/\p{L}[\p{L}'’-]*/gu) ?? [];
  if (words.length === 0) return { words: 0, sentences: 0, ease: 100 };
  const sentences = Math.max(1, text.split(/[.!?]+(?:\s|$)/).filter((part) => /\p{L}/u.test(part)).length);
  const spoken = words.reduce((sum, word) => sum + syllables(word), 0);
  const ease = 206.835 - (1.015 * words.length) / sentences - (84.6 * spoken) / words.length;
  return { words: words.length, sentences, ease: Math.round(ease * 10) / 10 };
}
