import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '#shared/json.ts';
import { pinPath, pinsOf, usablePins, withoutPin, withPin } from './pins.ts';

const base: JsonObject = { name: 'A', steps: [] };

describe('pins', () => {
  it('are kept in the metadata, beside what else is there', () => {
    const pinned = withPin({ ...base, metadata: { tags: ['x'] } }, 'read', { size: 1 });
    expect(pinned.metadata).toEqual({ tags: ['x'], pins: { read: { size: 1 } } });
    expect(pinsOf(pinned)).toEqual({ read: { size: 1 } });
    expect(withoutPin(pinned, 'read')).toEqual({ ...base, metadata: { tags: ['x'] } });
    expect(pinPath('read')).toEqual(['metadata', 'pins', 'read']);
  });

  it('come off again without a trace, and leave the definition given alone', () => {
    const value = fc.jsonValue() as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/), value, (step, output) => {
        const before = JSON.stringify(base);
        const pinned = withPin(base, step, output);
        expect(pinsOf(pinned)[step]).toEqual(output);
        expect(withoutPin(pinned, step)).toEqual(base);
        expect(JSON.stringify(base)).toBe(before);
      }),
    );
  });

  it('are none where the metadata is something else', () => {
    for (const metadata of [null, [], 'x', { pins: [] }, { pins: null }] as Json[])
      expect(pinsOf({ ...base, metadata })).toEqual({});
  });

  it('of steps in loops, and of steps that are gone, are not for real executions', () => {
    const definition: JsonObject = {
      steps: [
        { name: 'Read It', type: 'action' },
        { id: 'fan', type: 'parallel', config: { branches: [{ steps: [{ id: 'left', type: 'set' }] }] } },
        { id: 'each', type: 'loop', config: { steps: [{ id: 'inner', type: 'set' }] } },
      ],
      finally: [{ id: 'tidy', type: 'set' }],
    };
    const pins = { read_it: 1, left: null, inner: 2, tidy: 3, gone: 4 };
    expect(usablePins(definition, pins)).toEqual({
      usable: { read_it: 1, left: null, tidy: 3 },
      inLoops: ['inner'],
    });
  });
});
