import type { Path } from '#shared/definition/problem.ts';
import { snaked } from '#shared/definition/slug.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** Outputs that people have pinned, by step id: trials take them over instead of running the steps. */
export type Pins = Record<string, Json>;

/** Where a step's pin stands in a definition. */
export const pinPath = (step: string): Path => ['metadata', 'pins', step];

const objectAt = (holder: JsonObject, key: string): JsonObject => {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
  return value !== undefined && isObject(value) ? value : {};
};

/** The pins of a definition. */
export const pinsOf = (definition: JsonObject): Pins => objectAt(objectAt(definition, 'metadata'), 'pins');

function withPins(definition: JsonObject, pins: Pins): JsonObject {
  const { pins: _, ...rest } = objectAt(definition, 'metadata');
  const metadata = Object.keys(pins).length > 0 ? { ...rest, pins } : rest;
  if (Object.keys(metadata).length > 0) return { ...definition, metadata };
  const { metadata: __, ...bare } = definition;
  return bare;
}

/** The definition with a step's output pinned. */
export const withPin = (definition: JsonObject, step: string, output: Json): JsonObject =>
  withPins(definition, { ...pinsOf(definition), [step]: output });

/** The definition without a step's pin; what is left empty by that goes too. */
export function withoutPin(definition: JsonObject, step: string): JsonObject {
  const { [step]: _, ...rest } = pinsOf(definition);
  return withPins(definition, rest);
}

interface Found {
  id: string;
  isInLoop: boolean;
}

const listOf = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

function* stepsIn(steps: Json | undefined, isInLoop: boolean): Generator<Found> {
  for (const step of listOf(steps)) {
    const name = typeof step.name === 'string' ? step.name : String(step.type ?? '');
    yield { id: typeof step.id === 'string' ? step.id : snaked(name), isInLoop };
    const config = objectAt(step, 'config');
    yield* stepsIn(config.steps, true);
    for (const branch of listOf(config.branches)) yield* stepsIn(branch.steps, isInLoop);
  }
}

/**
 * The pins that a real execution can take over, and the steps whose pins it cannot: those in loops run many times.
 * Pins of steps that are gone are left out.
 */
export function usablePins(definition: JsonObject, pins: Pins): { usable: Pins; inLoops: string[] } {
  const usable: Pins = {};
  const inLoops: string[] = [];
  for (const { id, isInLoop } of [
    ...stepsIn(definition.steps, false),
    ...stepsIn(definition.finally, false),
  ]) {
    if (!Object.hasOwn(pins, id)) continue;
    if (isInLoop) inLoops.push(id);
    else usable[id] = pins[id] as Json;
  }
  return { usable, inLoops };
}
