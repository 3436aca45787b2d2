import { ParleyLogger } from './parley-logger';
import { Secrets } from '../config/secrets';
import { printedBy } from '../testing/printed-by';

const KEY = 'sk-live-0123456789';
const secrets = new Secrets();
secrets.add([KEY]);

/** The output of a call, without time and process id. */
const printed = (log: (logger: ParleyLogger) => void): string =>
  printedBy(() => log(new ParleyLogger({ colors: false }, secrets)))
    .replace(/^\[Nest\].*?(?=LOG|WARN|ERROR|DEBUG)/gm, '')
    .trim();

describe('ParleyLogger', () => {
  it.each(['log', 'warn', 'error', 'debug'] as const)('%s writes a message and its fields in one line', (level) => {
    const line = printed((logger) =>
      logger[level](
        { message: 'a stage failed', conversationId: 'abc', turn: 3, retryable: false, marks: { a: 1 }, nothing: undefined },
        'Session',
      ),
    );
    expect(line).toBe(`${level.toUpperCase()} [Session] a stage failed conversationId=abc turn=3 retryable=false marks={"a":1}`);
  });

  it('prints plain messages unchanged', () => {
    expect(printed((logger) => logger.log('Parley is ready', 'Parley'))).toBe('LOG [Parley] Parley is ready');
    expect(printed((logger) => logger.log('Parley is ready'))).toBe('LOG Parley is ready');
  });

  it.each(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication', 'WebSocketsController'])(
    'suppresses the framework’s messages from %s',
    (context) => {
      expect(printed((logger) => logger.log('dependencies initialized', context))).toBe('');
    },
  );

  it('prints the framework’s warnings', () => {
    expect(printed((logger) => logger.warn('something is odd', 'InstanceLoader'))).toContain('something is odd');
  });

  it('prints the stack of an error', () => {
    const error = Object.assign(new TypeError('oops'), { code: 'E_OOPS' });
    const line = printed((logger) => logger.error(error, 'ExceptionsHandler'));
    expect(line).toContain('TypeError: oops');
    expect(line).toContain('parley-logger.spec.ts');
  });

  it.each<[where: string, log: (logger: ParleyLogger) => void]>([
    ['message', (logger) => logger.warn(`refused: ${KEY}`, 'Providers')],
    ['field', (logger) => logger.warn({ message: 'refused', cause: KEY }, 'Providers')],
    ['nested field', (logger) => logger.log({ message: 'refused', body: { detail: [{ key: KEY }] } })],
    ['field that cannot be written as JSON', (logger) => logger.log({ message: 'refused', body: { big: 10n, key: KEY } })],
    ['name of a field', (logger) => logger.log({ message: 'refused', [KEY]: 1 })],
    ['query of a URL', (logger) => logger.error({ message: 'refused', url: `https://vendor.example/?key=${KEY}` })],
    ['context', (logger) => logger.debug('refused', KEY)],
    ['list', (logger) => logger.log(['refused', KEY])],
    ['object', (logger) => logger.fatal({ refused: KEY })],
    ['message of an error', (logger) => logger.error(new TypeError(`refused: ${KEY}`))],
    ['cause of an error', (logger) => logger.error(Object.assign(new Error('refused'), { cause: { key: KEY } }), 'Providers')],
    ['stack', (logger) => logger.error('refused', `Error: ${KEY}\n    at https://vendor.example/?key=${KEY}`, 'Providers')],
    ['stack of a fatal error', (logger) => logger.fatal('refused', `Error: ${KEY}\n    at vendor`, 'Providers')],
    ['text in base64', (logger) => logger.warn({ message: 'refused', header: `Basic ${Buffer.from(`user:${KEY}`).toString('base64')}` })],
  ])('masks a secret in a %s', (_where, log) => {
    const line = printed(log);
    expect(line).toContain('[secret]');
    expect(line).not.toContain(KEY);
    expect(line).not.toMatch(/c2stbGl2|stbGl2ZS|LWxpdmUt/);
  });

  it('does not repeat an error that the start of the server reports itself', () => {
    expect(printed((logger) => logger.error(new Error('the environment is not usable'), 'ExceptionHandler'))).toBe('');
  });

  it('prints fields that cannot be written as JSON without failing', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const line = printed((logger) => logger.warn({ message: 'odd', circular, big: 10n, run: () => undefined }, 'Odd'));
    expect(line).toContain('odd');
    expect(line).toContain('big=10n');
  });

  it.each([null, undefined, 7, ['a']])('accepts %p as a message', (message) => {
    expect(() => printed((logger) => logger.log(message))).not.toThrow();
  });
});
