import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { stepTypes } from '#shared/steps/index.ts';
import { triggerTypes } from '#shared/triggers/index.ts';
import { ICONS } from './icons.ts';

describe('the icons', () => {
  it('has one for every action, step type and trigger type', () => {
    const catalog = JSON.parse(readFileSync('shared/catalog/catalog.generated.json', 'utf8')) as {
      actions: { icon: string }[];
    };
    const named = [...catalog.actions, ...stepTypes, ...triggerTypes].map(({ icon }) => icon);
    expect(named.filter((name) => !(name in ICONS))).toEqual([]);
  });
});
