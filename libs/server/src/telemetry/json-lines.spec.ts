import { Logger } from '@nestjs/common';
import { Secrets } from '../config/secrets';
import { printedBy } from '../testing/printed-by';
import { testSettings } from '../testing/test-settings';
import { ParleyLogger } from './parley-logger';

const KEY = 'sk-live-0123456789';
const NUMBER = '4917012345';

/** A log of JSON lines in which the key and the number are secrets. */
async function jsonLog(environment: Record<string, string> = {}): Promise<ParleyLogger> {
  const secrets = new Secrets();
  secrets.add([KEY, NUMBER]);
  const logger = new ParleyLogger({ colors: false }, secrets);
  await logger.configure(testSettings({ LOG_FORMAT: 'json', ...environment }));
  return logger;
}

/** What a call logs: every line is one JSON object. */
async function logged(log: (logger: ParleyLogger) => void, environment?: Record<string, string>): Promise<Record<string, unknown>[]> {
  const logger = await jsonLog(environment);
  const text = printedBy(() => log(logger));
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
}

describe('the log as JSON', () => {
  it.each([
    ['log', 'info'],
    ['warn', 'warn'],
    ['error', 'error'],
    ['debug', 'debug'],
    ['fatal', 'fatal'],
    ['verbose', 'trace'],
  ] as const)('%s writes one object of level %s with the message and its fields', async (method, level) => {
    const fields = { conversationId: 'abc', turn: 3, retryable: false, marks: { a: 1 }, nothing: undefined };
    const logger = await jsonLog();
    logger.setLogLevels(['verbose']);
    const text = printedBy(() => logger[method]({ message: 'a stage failed', ...fields }, 'Session'));
    const [line, rest] = text.split('\n');
    expect(rest).toBe('');
    expect(JSON.parse(line ?? '')).toEqual({
      level,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: process.pid,
      context: 'Session',
      message: 'a stage failed',
      conversationId: 'abc',
      turn: 3,
      retryable: false,
      marks: { a: 1 },
    });
  });

  it('takes the lines of every logger of the program', async () => {
    const lines = await logged((logger) => {
      Logger.overrideLogger(logger);
      new Logger('Providers').error({ message: 'refused', code: 'auth' });
      Logger.overrideLogger(true);
    });
    expect(lines).toMatchObject([{ level: 'error', context: 'Providers', message: 'refused', code: 'auth' }]);
  });

  it('leaves out what is below the configured level, and what the framework says at the start', async () => {
    const lines = await logged(
      (logger) => {
        logger.debug('a detail', 'Session');
        logger.log('dependencies initialized', 'InstanceLoader');
        logger.error(new Error('the environment is not usable'), 'ExceptionHandler');
        logger.log('ready', 'Parley');
      },
      { LOG_LEVEL: 'info' },
    );
    expect(lines.map(({ message }) => message)).toEqual(['ready']);
  });

  it('writes errors with their stack and their cause', async () => {
    const error = Object.assign(new TypeError('oops', { cause: new Error('the reason') }), { code: 'E_OOPS' });
    const [line] = await logged((logger) => logger.error(error, 'ExceptionsHandler'));
    expect(line).toMatchObject({ level: 'error', message: 'oops', context: 'ExceptionsHandler' });
    expect(line?.['error']).toMatchObject({
      type: 'TypeError',
      code: 'E_OOPS',
      stack: expect.stringContaining('json-lines.spec'),
      cause: { message: 'the reason' },
    });
  });

  it('does not let a field take the place of what every line has', async () => {
    const [line] = await logged((logger) => logger.warn({ message: 'odd', level: 'x', time: 1, context: 'y' }, 'Odd'));
    expect(line).toMatchObject({ level: 'warn', context: 'Odd', level_: 'x', time_: 1, context_: 'y' });
  });

  it('keeps a message with line breaks in one line', async () => {
    expect(await logged((logger) => logger.warn('one\ntwo\u2028three', 'Odd'))).toMatchObject([{ message: 'one\ntwo\u2028three' }]);
  });

  it.each<[where: string, log: (logger: ParleyLogger) => void]>([
    ['message', (logger) => logger.warn(`refused: ${KEY}`, 'Providers')],
    ['field', (logger) => logger.warn({ message: 'refused', cause: KEY }, 'Providers')],
    ['nested field', (logger) => logger.log({ message: 'refused', body: { detail: [{ key: KEY }] } })],
    ['field that is a number', (logger) => logger.log({ message: 'refused', id: Number(NUMBER), more: BigInt(NUMBER) })],
    ['name of a field', (logger) => logger.log({ message: 'refused', [KEY]: 1 })],
    ['URL', (logger) => logger.error({ message: 'refused', url: new URL(`https://vendor.example/?key=${KEY}`) })],
    ['context', (logger) => logger.debug('refused', KEY)],
    ['object', (logger) => logger.fatal({ refused: KEY })],
    ['map', (logger) => logger.fatal({ message: 'refused', headers: new Map([['key', KEY]]) })],
    ['parameter', (logger) => logger.log('refused', { key: KEY }, 'Providers')],
    ['message of an error', (logger) => logger.error(new TypeError(`refused: ${KEY}`))],
    ['cause of an error', (logger) => logger.error(Object.assign(new Error('refused'), { cause: { key: KEY } }), 'Providers')],
    ['stack', (logger) => logger.error('refused', `Error: ${KEY}\n    at https://vendor.example/?key=${KEY}`, 'Providers')],
    ['text in base64', (logger) => logger.warn({ message: 'refused', header: Buffer.from(`user:${KEY}`).toString('base64') })],
  ])('masks a secret in a %s', async (_where, log) => {
    const text = JSON.stringify(await logged(log, { LOG_LEVEL: 'debug' }));
    expect(text).toContain('[secret]');
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(NUMBER);
    expect(text).not.toMatch(/c2stbGl2|stbGl2ZS|LWxpdmUt/);
  });

  it.each<[what: string, value: unknown]>([
    [
      'an object that contains itself',
      Object.assign(
        {},
        {
          get self() {
            return this;
          },
        },
      ),
    ],
    ['a big number', 10n],
    ['a function', () => undefined],
    ['bytes', Buffer.from('abc')],
    ['what is no number', NaN],
    ['a time that is none', new Date(NaN)],
    ['a deep object', JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)],
  ])('writes %s without failing', async (_what, value) => {
    expect(await logged((logger) => logger.warn({ message: 'odd', value }, 'Odd'))).toMatchObject([{ message: 'odd' }]);
  });

  it.each([null, undefined, 7, ['a'], ''])('accepts %p as a message', async (message) => {
    expect(await logged((logger) => logger.log(message))).toHaveLength(1);
  });

  it('is not used where text is configured', async () => {
    const logger = await jsonLog({ LOG_FORMAT: 'text' });
    expect(printedBy(() => logger.warn({ message: 'refused', code: 'auth' }, 'Providers'))).toContain('refused code=auth');
  });
});
