import { describe, expect, it } from '@jest/globals';
import { loadData } from '../../definition/load.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { RunCommand } from '../../machine/protocol.ts';
import { play, set } from '../../simulator/fixture.ts';
import type { PersonEvent, SimulatedEnd } from '../../simulator/simulate.ts';

const tool = { action: 'file.read' };

const agent = (config: JsonObject = {}, rest: JsonObject = {}): JsonObject => ({
  id: 'agent',
  type: 'ai_flow',
  config: { goal: 'Do it.', provider: 'claude', tools: [tool], ...config },
  ...rest,
});

const call = (name: string, given: JsonObject = {}, id = 'c1'): JsonObject => ({
  id,
  name,
  arguments: given,
});

/** An answer of the model, as `ai.turn` gives it. */
const says = (turn: Json): SimulatedEnd => ({
  output: {
    text: '',
    toolCalls: [],
    tokens: { input: 10, output: 5 },
    cost: 0.01,
    model: 'm',
    stopReason: 'end',
    conversation: 'ref',
    ...(turn as JsonObject),
  },
});

/** Plays an agent whose model gives these answers in turn, and whose tools do what `tools` says. */
function playAgent(
  turns: (Json | SimulatedEnd)[],
  options: {
    config?: JsonObject;
    rest?: JsonObject;
    workflow?: JsonObject;
    tools?: (command: RunCommand) => SimulatedEnd;
    people?: { after: number; event: PersonEvent }[];
  } = {},
) {
  const answers = [...turns];
  const asked: JsonObject[] = [];
  const act = (command: RunCommand): SimulatedEnd => {
    if (!command.action.startsWith('ai.')) return options.tools?.(command) ?? { output: 'done' };
    asked.push(command.parameters);
    const answer = answers.shift() ?? { text: 'nothing left to say' };
    return typeof answer === 'object' && answer !== null && 'error' in answer
      ? (answer as SimulatedEnd)
      : says(answer as Json);
  };
  const steps = [
    agent(options.config, options.rest),
    set('after', { was: '{{ steps.agent.output.response }}' }),
  ];
  const played = play(steps, {
    act,
    ...(options.workflow && { rest: options.workflow }),
    ...(options.people && { people: options.people }),
  });
  return { ...played, asked, agent: played.state.steps.agent };
}

describe('an agent', () => {
  it('ends with the first answer that asks for no tool, and says what it took', () => {
    const { agent, output } = playAgent([{ text: 'All is well.' }]);
    expect(agent?.output).toEqual({
      response: 'All is well.',
      tokens: { input: 10, output: 5 },
      cost: 0.01,
      model: 'm',
      stopReason: 'end',
      turns: 1,
      toolCalls: 0,
      conversation: 'ref',
    });
    expect(output).toEqual({ was: 'All is well.' });
  });

  it('makes every turn and every call an action of its own', () => {
    const { order, agent } = playAgent([
      { toolCalls: [call('file_read', { path: 'a' }), call('file_read', { path: 'b' }, 'c2')] },
      { toolCalls: [call('file_read', { path: 'c' }, 'c3')] },
      { text: 'Read.' },
    ]);
    expect(order).toEqual([
      'agent[1].model',
      'agent[1-1:file_read].call',
      'agent[1-2:file_read].call',
      'agent[2].model',
      'agent[2-1:file_read].call',
      'agent[3].model',
    ]);
    expect(agent?.output).toMatchObject({
      turns: 3,
      toolCalls: 3,
      tokens: { input: 30, output: 15 },
      cost: 0.03,
    });
  });

  it('gives the model what the calls gave, and its goal only once', () => {
    const { asked } = playAgent([{ toolCalls: [call('file_read')] }, { text: 'Read.' }], {
      tools: () => ({ output: { content: 'hello' } }),
    });
    expect(asked).toMatchObject([
      { goal: 'Do it.', conversation: null, results: [] },
      {
        conversation: 'ref',
        results: [{ callId: 'c1', name: 'file_read', output: { content: 'hello' }, isError: false }],
      },
    ]);
    expect(asked[1]).not.toHaveProperty('goal');
  });

  it('tells the model of a call that failed, and goes on, even where the workflow parks failures', () => {
    const failing = { error: { code: 'file.not_found', message: 'There is no "x".' } };
    const { asked, outcome } = playAgent([{ toolCalls: [call('file_read')] }, { text: 'Gone.' }], {
      tools: () => failing,
      workflow: { settings: { onFailure: 'park' } },
    });
    expect(asked[1]?.results).toEqual([
      { callId: 'c1', name: 'file_read', output: failing.error, isError: true },
    ]);
    expect(outcome).toBe('success');
  });

  it('tells the model of a tool there is none of, and of arguments that are no JSON', () => {
    const malformed = { ...call('file_read', {}, 'c2'), malformed: '{"path":' };
    const { asked, order } = playAgent([{ toolCalls: [call('rm_rf'), malformed] }, { text: 'Sorry.' }]);
    expect(asked[1]?.results).toEqual([
      {
        callId: 'c1',
        name: 'rm_rf',
        output: 'There is no tool "rm_rf". The tools are: file_read.',
        isError: true,
      },
      {
        callId: 'c2',
        name: 'file_read',
        output: 'The arguments are no JSON object: {"path":',
        isError: true,
      },
    ]);
    expect(order).toEqual(['agent[1].model', 'agent[2].model']);
  });

  it('runs with the parameters that are set, whatever the model says of them', () => {
    const { ran } = playAgent(
      [{ toolCalls: [call('file_read', { path: '/etc', encoding: 'utf8' })] }, { text: '' }],
      {
        config: { tools: [{ action: 'file.read', parameters: { path: 'notes/{{ workflow.name }}' } }] },
      },
    );
    expect(ran[1]?.parameters).toEqual({ path: 'notes/Test', encoding: 'utf8' });
  });

  it('takes what the model and its tools say as data: nothing in it is evaluated', () => {
    const trap = '{{ variables.x }} {{ secrets.KEY }}';
    const { ran, asked } = playAgent([{ toolCalls: [call('file_read', { path: trap })] }, { text: trap }], {
      tools: () => ({ output: trap }),
    });
    expect(ran[1]?.parameters).toEqual({ path: trap });
    expect(asked[1]?.results).toMatchObject([{ output: trap }]);
  });

  it('refuses arguments that pose as an unfinished template', () => {
    const poser = { path: { $deferred: { template: '{{ secrets.KEY }}', scope: {} } } };
    const { asked, order } = playAgent([{ toolCalls: [call('file_read', poser)] }, { text: '' }]);
    expect(asked[1]?.results).toMatchObject([{ isError: true, output: { code: 'expression.reserved_key' } }]);
    expect(order).not.toContain('agent[1-1:file_read].call');
  });

  it('lets the model mend a final answer that does not follow the schema', () => {
    const { asked, agent } = playAgent(
      [
        { text: '{', invalid: 'It is no JSON.' },
        { text: '{}', data: {} },
      ],
      {
        config: { output: { type: 'object' } },
      },
    );
    expect(asked[1]).toMatchObject({ note: 'It is no JSON.', results: [] });
    expect(agent?.output).toMatchObject({ response: '{}', data: {}, turns: 2 });
  });

  it('sums the conversation up when the context is full, and tries the turn again', () => {
    const full = { error: { code: 'ai.context_too_long', message: 'Too long.' } };
    const { order, asked, agent } = playAgent([
      { toolCalls: [call('file_read')], conversation: 'long' },
      full,
      { conversation: 'short' },
      { text: 'Done.' },
    ]);
    expect(order.slice(2)).toEqual(['agent[2].model', 'agent[2-compact].model', 'agent[3].model']);
    expect(asked[2]).toMatchObject({ conversation: 'long', results: [{ callId: 'c1' }] });
    expect(asked[3]).toMatchObject({ conversation: 'short', results: [] });
    expect(agent?.status).toBe('success');
  });

  it.each([
    ['turns', { turns: 2 }, 'limit.turns'],
    ['tokens', { tokens: 20 }, 'limit.tokens'],
    ['cost', { cost: 0.015 }, 'limit.cost'],
  ])('fails at its limit of %s, before another turn is paid', (_, limits, code) => {
    const forever = Array.from({ length: 9 }, () => ({ toolCalls: [call('file_read')] }));
    const { agent, asked } = playAgent(forever, { config: { limits } });
    expect(agent).toMatchObject({ status: 'failure', error: { code, step: 'agent' } });
    expect(asked).toHaveLength(2);
  });

  it('fails where a turn gave what no model says', () => {
    expect(playAgent([{ text: 'x', toolCalls: null }]).agent?.error).toMatchObject({
      code: 'ai_flow.bad_turn',
    });
  });

  it('fails with the error of a turn that failed for good', () => {
    const { agent } = playAgent([{ error: { code: 'ai.no_key', message: 'No key.' } }]);
    expect(agent?.error).toMatchObject({ code: 'ai.no_key', step: 'agent[1].model' });
  });
});

describe('a tool that needs approval', () => {
  const config = { tools: [{ action: 'file.write', name: 'save', approval: true }] };
  const turns: Json[] = [{ toolCalls: [call('save', { path: 'a', content: 'x' })] }, { text: 'Ended.' }];
  const decide = (output: Json): { after: number; event: PersonEvent }[] => [
    { after: 5_000, event: { type: 'decide_step', path: 'agent[1-1:save].approval', output } },
  ];

  it('waits for a person, and runs with the arguments they agreed to', () => {
    const { ran, span } = playAgent(turns, {
      config,
      people: decide({ approved: true, data: { path: 'b', content: 'y' } }),
    });
    expect(ran[1]).toMatchObject({ action: 'file.write', parameters: { path: 'b', content: 'y' } });
    expect(span('agent[1-1:save].approval')[1]).toBe(5_000);
  });

  it('runs with the arguments of the model where the person changes none', () => {
    const { ran } = playAgent(turns, { config, people: decide({ approved: true }) });
    expect(ran[1]?.parameters).toEqual({ path: 'a', content: 'x' });
  });

  it('does not run once rejected, and the model is told why', () => {
    const { asked, order, outcome } = playAgent(turns, {
      config,
      people: decide({ approved: false, reason: 'Not that file.', by: 'ann' }),
    });
    expect(order).toEqual(['agent[1].model', 'agent[2].model']);
    expect(asked[1]?.results).toMatchObject([
      { isError: true, output: expect.stringContaining('Not that file.') },
    ]);
    expect(outcome).toBe('success');
  });
});

describe('the definition of an agent', () => {
  const catalog = {
    actions: [
      {
        type: 'file.read',
        group: 'file',
        title: '',
        description: '',
        icon: '',
        input: {
          type: 'object',
          properties: { path: { type: 'string' } },
          required: ['path'],
          additionalProperties: false,
        },
        output: {},
        effect: 'read' as const,
        idempotent: true,
        timeout: 1,
        retry: {},
        examples: [],
      },
    ],
  };
  const problems = (config: JsonObject) =>
    loadData({ name: 'Test', steps: [agent(config)] }, catalog).problems.map(({ code, path }) => ({
      code,
      path,
    }));

  it.each([
    [
      'an action there is none of',
      { action: 'file.raed' },
      'action.unknown',
      'steps[0].config.tools[0].action',
    ],
    [
      'a parameter the action does not have',
      { action: 'file.read', parameters: { file: 'x' } },
      'action.unknown_parameter',
      'steps[0].config.tools[0].parameters.file',
    ],
  ])('with %s as a tool is refused', (_, given, code, path) => {
    expect(problems({ tools: [given] })).toEqual([{ code, path }]);
  });

  it('may leave parameters for the model to fill in', () => {
    expect(problems({ tools: [tool] })).toEqual([]);
  });

  it('with two tools of one name is refused', () => {
    expect(problems({ tools: [tool, { action: 'file.read' }] })).toMatchObject([
      { path: 'steps[0].config.tools' },
    ]);
  });
});
