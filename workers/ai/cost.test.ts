import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { costOf, defaultModel } from './cost.ts';
import { PROVIDERS } from './provider.ts';

const tokens = (input: number, output: number) => ({ input, output });

describe('costOf', () => {
  it('multiplies tokens with the price per million', () => {
    expect(costOf('claude-haiku-4-5', tokens(1_000_000, 200_000))).toBe(2);
    expect(costOf('gpt-4o-mini', tokens(1, 1))).toBe(7.5e-7);
    expect(costOf('gpt-4o-mini', tokens(0, 0))).toBe(0);
  });

  it('knows dated names, and those with the prefix of Gemini', () => {
    const plain = costOf('claude-haiku-4-5', tokens(1000, 1000));
    expect(costOf('claude-haiku-4-5-20251001', tokens(1000, 1000))).toBe(plain);
    expect(costOf('gpt-5.4-mini-2026-03-17', tokens(1000, 1000))).toBe(
      costOf('gpt-5.4-mini', tokens(1000, 1000)),
    );
    expect(costOf('models/gemini-2.5-pro', tokens(1000, 1000))).toBe(
      costOf('gemini-2.5-pro', tokens(1000, 1000)),
    );
  });

  it('takes the price for long inputs above their limit only', () => {
    expect(costOf('gemini-2.5-pro', tokens(200_000, 0))).toBe(0.25);
    expect(costOf('gemini-2.5-pro', tokens(200_001, 0))).toBeCloseTo(0.5000025, 8);
  });

  it.each(['llama3.3', 'gpt-4o-mini-of-somebody-else', 'constructor', ''])('has no price for %j', (model) => {
    expect(costOf(model, tokens(1000, 1000))).toBeNull();
  });
});

describe('the price table', () => {
  it('has the default model of every provider', () => {
    for (const provider of PROVIDERS) expect(costOf(defaultModel(provider), tokens(1, 1))).not.toBeNull();
  });

  it('has prices above 0, and writing costs more than reading', () => {
    const table = JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8'));
    const models: Record<string, { input: number; output: number }> = table.models;
    expect(Object.keys(models).length).toBeGreaterThan(20);
    for (const [name, price] of Object.entries(models)) {
      expect({ name, isSound: price.input > 0 && price.output > price.input }).toEqual({
        name,
        isSound: true,
      });
    }
  });
});
