import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { Terminal } from '../action.ts';

const typesOf = (schema: Json | undefined): string[] => {
  const type = isObject(schema) ? schema.type : undefined;
  return (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
};

function refusal(message: string, names: readonly string[]): Terminal {
  return new Terminal('plugin.bad_arguments', message, {
    fix: `The command takes ${names.length > 0 ? names.join(', ') : 'no arguments'}, in this order. Or give the arguments by name.`,
  });
}

/** A text as what a parameter wants: one that takes text gets it as it stands. */
function converted(text: string, name: string, schema: Json | undefined, names: readonly string[]): Json {
  const types = typesOf(schema);
  if (types.length === 0 || types.includes('string')) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw refusal(
      `Argument ${name} must be ${types.join(' or ')}; ${JSON.stringify(text.slice(0, 100))} is not.`,
      names,
    );
  }
}

/**
 * A list of texts as arguments by name. They are the command's parameters in the order of its schema; a parameter that
 * is a list takes all that remain. A command that has a parameter `args` that is a list gets all of them there.
 * @throws Terminal `plugin.bad_arguments`
 */
export function namedArguments(given: JsonObject | readonly string[], inputSchema: JsonObject): JsonObject {
  if (!Array.isArray(given)) return given as JsonObject;
  const properties = isObject(inputSchema.properties) ? inputSchema.properties : {};
  if (typesOf(properties.args).includes('array')) return { args: [...given] };
  const names = Object.keys(properties);
  const named: [string, Json][] = [];
  let used = 0;
  for (const name of names) {
    if (used >= given.length) break;
    const rest = given.slice(used);
    if (typesOf(properties[name]).includes('array')) {
      named.push([name, rest]);
      used = given.length;
    } else {
      named.push([name, converted(rest[0] ?? '', name, properties[name], names)]);
      used += 1;
    }
  }
  if (used < given.length)
    throw refusal(`There are ${given.length} arguments; the command takes ${names.length}.`, names);
  return Object.fromEntries(named);
}
