import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RoomControl } from './room-control';
import { RoomControlError } from './room-control-error';

const SECRET = 'secret_secret_secret_secret_secret';

/** What is left of a media server that misbehaves: it answers as the test says. */
describe('requests to the media server', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let server: Server;
  let control: RoomControl;
  let answers: boolean[];

  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    answers = [];
    control = await load();
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const load = (timeoutMs?: number): Promise<RoomControl> =>
    RoomControl.load({
      ...{ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'key', apiSecret: SECRET },
      ...{ agentName: 'parley', onAnswer: (reachable) => void answers.push(reachable) },
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  const twirp = (status: number, code: string) => (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code, msg: 'in its own words' }));
  };
  async function failureOf(asked: Promise<unknown>): Promise<RoomControlError> {
    const error = await asked.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof RoomControlError) return error;
    throw new Error('it should have been rejected with a RoomControlError', { cause: error });
  }

  it.each([
    [404, 'not_found', 'not_found', true],
    [404, 'bad_route', 'refused', true],
    [400, 'invalid_argument', 'refused', true],
    [401, 'unauthenticated', 'refused', true],
    [403, 'permission_denied', 'refused', true],
    [412, 'failed_precondition', 'refused', true],
    [500, 'internal', 'unreachable', false],
    [503, 'unavailable', 'unreachable', false],
  ])('that are answered with %i %s fail as %s', async (status, code, kind, isReachable) => {
    answer = twirp(status, code);
    expect(await failureOf(control.endRoom('kitchen'))).toMatchObject({ kind, details: `end a room: ${status} ${code}` });
    expect(answers).toEqual([isReachable]);
  });

  it('never show the token that the media server repeats when it refuses it', async () => {
    let token = '';
    answer = ({ headers }, response) => {
      token = String(headers.authorization).replace('Bearer ', '');
      response.writeHead(401).end(`invalid token: ${token}`);
    };
    const error = await failureOf(control.list());
    expect(token.split('.')).toHaveLength(3);
    expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(token);
    expect(error.kind).toBe('refused');
  });

  it('fail as unreachable when there is no answer in time', async () => {
    answer = () => undefined;
    const impatient = await load(50);
    expect(await failureOf(impatient.list())).toMatchObject({ kind: 'unreachable', details: 'list rooms: TimeoutError' });
    expect(answers).toEqual([false]);
  });

  it('fail as unreachable when the answer breaks off, or is none', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' });
      response.write('{', () => response.destroy());
    };
    expect(await failureOf(control.list())).toMatchObject({ kind: 'unreachable' });
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    expect(await failureOf(control.list())).toMatchObject({ kind: 'unreachable' });
  });

  it('fail as unreachable when nothing listens, and work again when something does', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await failureOf(control.list())).toMatchObject({ kind: 'unreachable' });
    expect(await control.server.isReachable()).toBe(false);
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"rooms":[]}');
    server.listen(port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await control.list()).toEqual([]);
    expect(await control.server.isReachable()).toBe(true);
    expect(answers).toEqual([false, false, true, true]);
  });

  it('remove nobody without complaint when nobody of that name is there', async () => {
    answer = twirp(404, 'not_found');
    await expect(control.removeParticipant('kitchen', 'anna')).resolves.toBeUndefined();
    answer = twirp(503, 'unavailable');
    expect(await failureOf(control.removeParticipant('kitchen', 'anna'))).toMatchObject({ kind: 'unreachable' });
  });
});
