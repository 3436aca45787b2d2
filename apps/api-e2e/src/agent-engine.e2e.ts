import { once } from 'node:events';
import { bytesFromPcm16 } from '@parley/audio';
import type { ServerMessage } from '@parley/protocol';
import { type ConversationClient, fixture, levelOf, sleep } from '@parley/testing/client';
import { WebSocket } from 'ws';
import { connected, useSharedServer } from './support/suite';

const server = useSharedServer();
const AUDIBLE = 200;

/** Runs `use` in a conversation with the demo agent, after its greeting. */
const withAgent = (use: (client: ConversationClient) => Promise<void>): Promise<void> =>
  connected(
    server,
    async (client) => {
      await client.start({ engine: 'agent' });
      const greeting = await client.answerOf(1);
      expect(greeting.text).toMatch(/^Hello/);
      expect(levelOf(greeting.speech)).toBeGreaterThan(AUDIBLE);
      await use(client);
    },
    // The agent corrects the text of an interrupted reply, which the pipeline never does.
    { allowed: /^text of turn \d+ (while no turn is answered|after its final one)|^the full text of turn/ },
  );

describe('The agent engine', () => {
  it.concurrent('answers a spoken question aloud, using a tool that this server runs', () =>
    withAgent(async (client) => {
      const { inbox } = client;
      await client.microphone.say(fixture('clean-time.wav').pcm);
      const answer = await client.answerOf(2);
      expect(inbox.finalTranscript(2)).toMatch(/time/i);
      expect(answer.text).toMatch(/^The time is .*at \d\d:\d\d, time zone/);
      expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
      expect(answer.speech.at(-1)?.last).toBe(true);
      const [metrics] = inbox.messages('turn_metrics').filter(({ turn }) => turn === 2);
      expect(metrics?.marks).toMatchObject({
        stt_final: 0,
        tts_first_audio: expect.any(Number),
        audio_sent: expect.any(Number),
        playback_started: expect.any(Number),
      });
      expect(metrics?.marks).not.toHaveProperty('speech_end');
      expect(inbox.messages('error')).toEqual([]);
    }),
  );

  it.concurrent('stops when the user interrupts by voice', () =>
    withAgent(async (client) => {
      const { inbox } = client;
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await inbox.waitForState('AI_SPEAKING', 2);
      await sleep(1_500);
      await client.microphone.say(fixture('interrupt-short.wav').pcm);
      await inbox.waitForMessage('interruption', ({ turn }) => turn === 2);
      await inbox.waitFor('the words', () => inbox.finalTranscript(3));
      const [stop] = inbox.arrivalsOf('interruption');
      expect(stop.message).toEqual({ type: 'interruption', turn: 2, reason: 'speech' });
      const late = inbox.arrivals.filter(({ kind, atMs }) => kind === 'speech' && atMs > stop.atMs);
      expect(late.every((arrival) => arrival.kind === 'speech' && arrival.speech.turn > 2)).toBe(true);
      const corrected = inbox.messages('text_response').filter(({ turn }) => turn === 2);
      expect(corrected.at(-1)?.full_text?.length).toBeLessThan(corrected[0].full_text?.length ?? 0);
    }),
  );

  it.concurrent('is stopped by the button, and then answers what is typed', () =>
    withAgent(async (client) => {
      const { inbox } = client;
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await inbox.waitForState('AI_SPEAKING', 2);
      client.send({ type: 'interrupt' });
      await inbox.waitForState('USER_SPEAKING', 3);
      expect(inbox.messages('interruption')).toEqual([{ type: 'interruption', turn: 2, reason: 'button' }]);
      expect((await client.ask('what is seven plus five')).text).toMatch(/twelve/i);
    }),
  );

  it.concurrent('serves a minimal client that only connects, sends audio and plays speech', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/agent`);
    const messages: ServerMessage[] = [];
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString('utf8')) as ServerMessage));
    const closed = once(socket, 'close');
    await once(socket, 'open');
    const { pcm } = fixture('clean-time.wav');
    const heard = async (isSo: (message: ServerMessage) => boolean): Promise<void> => {
      while (!messages.some(isSo) && socket.readyState === socket.OPEN) await sleep(20);
    };
    // After the greeting: the question in chunks of 100 ms, and then silence.
    await heard((message) => message.type === 'state' && message.state === 'USER_SPEAKING' && message.turn === 2);
    for (let from = 0; from < pcm.length; from += 1_600) {
      const bytes = bytesFromPcm16(pcm.slice(from, from + 1_600));
      socket.send(JSON.stringify({ type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: Buffer.from(bytes).toString('base64') }));
      await sleep(100);
    }
    await heard(isAnswer);
    socket.send(JSON.stringify({ type: 'heartbeat' }));
    socket.send(JSON.stringify({ type: 'end_conversation' }));
    const [code] = await closed;
    expect(code).toBe(1000);
    expect(messages.slice(0, 2).map(({ type }) => type)).toEqual(['connection_established', 'conversation_started']);
    expect(messages.at(-1)).toEqual({ type: 'conversation_ended', reason: 'client' });
    expect(messages.filter((message) => isAnswer(message))).toHaveLength(1);
    expect(messages.some(({ type }) => type === 'audio_response')).toBe(true);
    expect(messages.some(({ type }) => type === 'heartbeat')).toBe(true);
  });
});

const isAnswer = (message: ServerMessage): boolean =>
  message.type === 'text_response' && message.is_final && message.full_text?.startsWith('The time is') === true;
