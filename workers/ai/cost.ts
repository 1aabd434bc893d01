import { readFileSync } from 'node:fs';
import type { ProviderName, Tokens } from './provider.ts';

interface Price {
  input: number;
  output: number;
  above?: { tokens: number; input: number; output: number };
}

interface Table {
  models: Record<string, Price>;
  defaults: Record<ProviderName, string>;
}

const table = JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')) as Table;

/** The model a provider is asked for when a step names none. */
export const defaultModel = (provider: ProviderName): string => table.defaults[provider];

/** The price of a model; of a dated one (`…-20251101`, `…-2026-03-17`), that of its name without the date. */
function priceOf(model: string): Price | undefined {
  const name = model.replace(/^models\//, '');
  const undated = name.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '');
  for (const known of [name, undated]) if (Object.hasOwn(table.models, known)) return table.models[known];
  return undefined;
}

/** List price in US dollars of one request; null where the model is not in the table. */
export function costOf(model: string, tokens: Tokens): number | null {
  const price = priceOf(model);
  if (!price) return null;
  const { input, output } = price.above && tokens.input > price.above.tokens ? price.above : price;
  // Rounded to a thousandth of a millionth, for sums of fractions of cents come out crooked.
  return Math.round(tokens.input * input * 1e3 + tokens.output * output * 1e3) / 1e9;
}
