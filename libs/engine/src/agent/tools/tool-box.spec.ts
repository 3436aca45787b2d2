import { SILENT_LOGGER } from '../../ports';
import { onVirtualTime } from '../../testing/on-virtual-time';
import { pass } from '../../testing/virtual-time';
import type { ClientTool } from './client-tools';
import { CurrentTime } from './current-time';
import { EndConversation } from './end-conversation';
import { ToolBox } from './tool-box';

const { signal } = new AbortController();
const context = { endConversation: () => undefined };
const tool = (run: ClientTool['run']): ClientTool => ({ name: 'test', run });

describe('ToolBox', () => {
  const suite = onVirtualTime();

  const use = (run: ClientTool['run'], stop = signal) =>
    new ToolBox([tool(run)], suite.logger).call({ name: 'test', parameters: { a: 1 } }, context, stop);

  it('returns the answer of the tool', async () => {
    expect(await use(({ a }) => `a is ${String(a)}`)).toEqual({ result: 'a is 1', isError: false });
  });

  it('limits the length of the answer', async () => {
    expect((await use(() => 'x'.repeat(10_000))).result).toHaveLength(2_000);
  });

  it('stops waiting for a tool that takes too long', async () => {
    let stopped = false;
    const outcome = use((_parameters, _context, stop) => {
      stop.addEventListener('abort', () => (stopped = true));
      return new Promise(() => undefined);
    });
    await pass(5_000);
    expect(await outcome).toEqual({ result: 'The tool took too long.', isError: true });
    expect(stopped).toBe(true);
  });

  it('stops waiting when the conversation ends', async () => {
    const controller = new AbortController();
    const outcome = use(() => new Promise(() => undefined), controller.signal);
    controller.abort();
    expect((await outcome).isError).toBe(true);
    expect((await use(() => new Promise(() => undefined), controller.signal)).isError).toBe(true);
  });

  it('hides the cause of a failure from the agent, and logs only the type of the error', async () => {
    const outcome = await use(() => Promise.reject(new TypeError('a secret')));
    expect(outcome).toEqual({ result: 'The tool failed.', isError: true });
    expect(suite.logger.faults).toHaveLength(1);
    expect(suite.logger.text).not.toContain('secret');
  });

  it('lists the existing tools when a call names an unknown tool', async () => {
    const outcome = await new ToolBox([new EndConversation()], suite.logger).call({ name: 'fly', parameters: {} }, context, signal);
    expect(outcome).toEqual({ result: 'There is no such tool. There are: end_conversation.', isError: true });
  });
});

describe('get_current_time', () => {
  const box = new ToolBox([new CurrentTime({ timeZone: 'Asia/Kolkata', now: () => new Date('2026-11-20T12:00:00Z') })], SILENT_LOGGER);
  const time = (parameters: Record<string, unknown>) => box.call({ name: 'get_current_time', parameters }, context, signal);

  it.each([
    [{}, 'Friday 20 November 2026 at 17:30, time zone Asia/Kolkata'],
    [{ time_zone: 'America/New_York' }, 'Friday 20 November 2026 at 07:00, time zone America/New_York'],
    [{ anything: 'else' }, 'Friday 20 November 2026 at 17:30, time zone Asia/Kolkata'],
  ])('tells the time when it is called with %j', async (parameters, result) => {
    expect(await time(parameters)).toEqual({ result: expect.stringMatching(result.replace('Friday ', 'Friday,? ')), isError: false });
  });

  it.each([{ time_zone: 'Kochi' }, { time_zone: '' }, { time_zone: 7 }, { time_zone: ['UTC'] }, { time_zone: 'x'.repeat(10_000) }])(
    'rejects %j',
    async (parameters) => {
      const { result, isError } = await time(parameters);
      expect(isError).toBe(true);
      expect(result).toContain('Asia/Kolkata');
    },
  );
});

describe('end_conversation', () => {
  it('ends the conversation', async () => {
    const endConversation = jest.fn();
    const box = new ToolBox([new EndConversation()], SILENT_LOGGER);
    const { isError } = await box.call({ name: 'end_conversation', parameters: { reason: 7 } }, { endConversation }, signal);
    expect([isError, endConversation.mock.calls.length]).toEqual([false, 1]);
  });
});
