import * as fc from 'fast-check';
import type { LlmToolCall } from '../ports/language-model';
import type { ToolCallPiece } from './chat-chunk';
import { ToolCallAssembly } from './tool-call-assembly';

/** A piece from a short form: index, id, name and arguments. */
const piece = (index: number | undefined, id: string, name: string, text: string): ToolCallPiece => ({ index, id, name, arguments: text });
const call = (id: string, name: string, text: string): LlmToolCall => ({ id, name, arguments: text });

function assembled(chunks: readonly (readonly ToolCallPiece[])[], isCutOff = false): LlmToolCall[] | undefined {
  const assembly = new ToolCallAssembly();
  for (const toolCalls of chunks) assembly.push({ toolCalls, wholeToolCalls: [] });
  return assembly.end(isCutOff);
}

const TIME = call('c1', 'get_time', '{"city":"Kochi"}');
const SUM = call('c2', 'add', '{"a":7,"b":5}');

describe('ToolCallAssembly', () => {
  it('returns no call when there were no pieces', () => {
    expect(new ToolCallAssembly().isEmpty).toBe(true);
    expect(assembled([[], []])).toEqual([]);
  });

  it.each<[string, ToolCallPiece[][], LlmToolCall[]]>([
    [
      'come as the vendor sends them',
      [[piece(0, 'c1', 'get_time', '')], [piece(0, '', '', '{"city":')], [piece(0, '', '', '"Kochi"}')]],
      [TIME],
    ],
    [
      'of two calls are interleaved',
      [
        [piece(0, 'c1', 'get_time', '{"ci')],
        [piece(1, 'c2', 'add', '{"a":7')],
        [piece(0, '', '', 'ty":"Kochi"}'), piece(1, '', '', ',"b":5}')],
      ],
      [TIME, SUM],
    ],
    ['come whole in one chunk', [[piece(0, 'c1', 'get_time', TIME.arguments), piece(1, 'c2', 'add', SUM.arguments)]], [TIME, SUM]],
    [
      'come whole, every call under index 0',
      [[piece(0, 'c1', 'get_time', TIME.arguments)], [piece(0, 'c2', 'add', SUM.arguments)]],
      [TIME, SUM],
    ],
    [
      'come whole without an index',
      [[piece(undefined, 'c1', 'get_time', TIME.arguments), piece(undefined, 'c2', 'add', SUM.arguments)]],
      [TIME, SUM],
    ],
    [
      'have no index and are told apart by their ids',
      [
        [piece(undefined, 'c1', 'get_time', ''), piece(undefined, 'c2', 'add', '')],
        [piece(undefined, 'c1', '', TIME.arguments)],
        [piece(undefined, 'c2', '', SUM.arguments)],
      ],
      [TIME, SUM],
    ],
    ['have an id only later', [[piece(0, '', 'get_time', '')], [piece(0, 'c1', '', TIME.arguments)]], [TIME]],
    [
      'repeat the id and the name',
      [[piece(0, 'c1', 'get_time', '')], [piece(0, 'c1', 'get_time', '{"city":')], [piece(0, 'c1', 'get_time', '"Kochi"}')]],
      [TIME],
    ],
    [
      'have another id each',
      [[piece(0, 'c1', 'get_time', '')], [piece(0, 'x2', '', '{"city":')], [piece(0, 'x3', '', '"Kochi"}')]],
      [TIME],
    ],
    [
      'of two calls of one tool come under one index, without arguments at first',
      [[piece(0, 'c1', 'add', '')], [piece(0, '', '', '{"a":1}')], [piece(0, 'c2', 'add', '')], [piece(0, '', '', '{"a":2}')]],
      [call('c1', 'add', '{"a":1}'), call('c2', 'add', '{"a":2}')],
    ],
    ['have no arguments', [[piece(0, 'c1', 'stop', '')], [piece(1, 'c2', 'go', ' ')]], [call('c1', 'stop', '{}'), call('c2', 'go', '{}')]],
  ])('puts calls together when their pieces %s', (_name, chunks, expected) => {
    expect(assembled(chunks)).toEqual(expected);
  });

  it('gives calls without an id one of their own', () => {
    const calls = assembled([[piece(0, '', 'get_time', TIME.arguments)], [piece(0, '', 'get_time', TIME.arguments)]]) ?? [];
    expect(calls).toHaveLength(2);
    for (const { id } of calls) expect(id).toMatch(/^call_.{8,}/);
    expect(calls[0]?.id).not.toBe(calls[1]?.id);
  });

  it.each<[string, ToolCallPiece[], boolean]>([
    ['the arguments are cut off', [piece(0, 'c1', 'add', '{"a":7')], false],
    ['the arguments are no JSON', [piece(0, 'c1', 'add', 'seven')], false],
    ['a call has no name', [piece(0, 'c1', '', '{}')], false],
    ['the reply was cut off before the arguments', [piece(0, 'c1', 'add', '')], true],
    ['there are too many calls', Array.from({ length: 65 }, (_, index) => piece(index, `c${index}`, 'add', '{}')), false],
  ])('returns nothing when %s', (_name, pieces, isCutOff) => {
    expect(assembled([pieces], isCutOff)).toBeUndefined();
  });

  it('takes a whole message only when there were no pieces', () => {
    const whole = [piece(0, 'c1', 'get_time', TIME.arguments)];
    const assembly = new ToolCallAssembly();
    expect(assembly.push({ toolCalls: [], wholeToolCalls: whole })).toBe('c1get_time'.length + TIME.arguments.length);
    expect(assembly.push({ toolCalls: [], wholeToolCalls: whole })).toBe(0);
    expect(assembly.end(false)).toEqual([TIME]);
  });

  it('puts any calls together again, whichever way their pieces are cut and interleaved', () => {
    const someCall = fc.record({ name: fc.constantFrom('add', 'get_time', 'go'), arguments: fc.dictionary(fc.string(), fc.json()) });
    fc.assert(
      fc.property(fc.array(someCall, { maxLength: 5 }), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 7 }))), (wanted, cuts) => {
        const calls = wanted.map(({ name, arguments: fields }, index) => call(`c${index}`, name, JSON.stringify(fields)));
        const left = calls.map(({ arguments: text }) => text);
        const chunks = calls.map(({ id, name }, index) => [piece(index, id, name, '')]);
        const take = (index: number, length: number): void => {
          chunks.push([piece(index, '', '', left[index]?.slice(0, length) ?? '')]);
          left[index] = left[index]?.slice(length) ?? '';
        };
        if (calls.length > 0) for (const [at, length] of cuts) take(at % calls.length, length);
        for (const index of calls.keys()) take(index, Infinity);
        expect(assembled(chunks)).toEqual(calls);
      }),
      { seed: 20_261_130, numRuns: 100 },
    );
  });
});
