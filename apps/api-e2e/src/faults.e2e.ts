import type { FaultRule } from '@parley/simulator';
import { fixture } from '@parley/testing/client';
import { expectFailure, type Stage, takeTurn } from './support/failing-turn';
import { ANSWER, ServerWithOwnVendors, GOOD_KEYS } from './support/keyed-server';
import { inConversation } from './support/suite';

/** For each name its own server and vendors, so that faults in one do not affect another. Spoken tests take longest, so they have two. */
const SERVER_NAMES = ['stt once', 'stt for good', 'llm', 'tts'] as const;
type ServerName = (typeof SERVER_NAMES)[number];

const servers = new Map<ServerName, ServerWithOwnVendors>();
const HURRIED = { playbackSpeed: 20 };

beforeAll(async () => {
  await Promise.all(SERVER_NAMES.map(async (name) => servers.set(name, await ServerWithOwnVendors.start())));
}, 60_000);

afterAll(async () => {
  await Promise.all([...servers.values()].map((server) => server.stop()));
});

function serverNamed(name: ServerName): ServerWithOwnVendors {
  const server = servers.get(name);
  if (server === undefined) throw new Error(`there are no vendors for ${name}`);
  return server;
}

type Case = readonly [title: string, run: () => Promise<void>];

const fault = {
  stt: (kind: Extract<FaultRule, { vendor: 'sarvam' }>['fault']): FaultRule => ({ vendor: 'sarvam', fault: kind }),
  llm: (kind: Extract<FaultRule, { vendor: 'openai' }>['fault']): FaultRule => ({ vendor: 'openai', endpoint: 'chat', fault: kind }),
  tts: (kind: Extract<FaultRule, { vendor: 'elevenlabs' }>['fault']): FaultRule => ({ vendor: 'elevenlabs', fault: kind }),
};

/** A failure that happens once: the server retries and the user does not notice. */
function once(stage: Stage, what: string, rule: FaultRule): Case {
  const run = (): Promise<void> => {
    const { vendors, server, exclusively } = serverNamed(stage === 'stt' ? 'stt once' : stage);
    return exclusively(async () => {
      const injected = vendors.faults.inject({ ...rule, times: 1 });
      await inConversation(
        server,
        async (client) => {
          const answer = await takeTurn(client, stage);
          expect(injected.triggered).toBe(1);
          expect(answer.text).toMatch(ANSWER);
          expect(answer.speech.length).toBeGreaterThan(1);
          expect(client.inbox.messages('error')).toEqual([]);
        },
        HURRIED,
      );
    });
  };
  return [`the user does not notice when ${stage} ${what} once`, run];
}

/** A lasting failure: the user hears one error message, and the next turn works once the vendor recovers. */
function forGood(stage: Stage, what: string, rule: FaultRule, { attempts }: { attempts: number }): Case {
  const run = (): Promise<void> => {
    const { vendors, server, exclusively } = serverNamed(stage === 'stt' ? 'stt for good' : stage);
    return exclusively(async () => {
      const injected = vendors.faults.inject({ ...rule, times: Infinity });
      await inConversation(
        server,
        async (client) => {
          const failed = await takeTurn(client, stage);
          expectFailure(client, failed, stage);
          expect(injected.triggered).toBeGreaterThanOrEqual(attempts);

          vendors.faults.clear();
          const next = await takeTurn(client, stage, 'poured');
          expect(next.text).toMatch(ANSWER);
          expect(next.speech.length).toBeGreaterThan(1);
          expect(client.inbox.messages('error')).toHaveLength(1);
        },
        HURRIED,
      );
    });
  };
  return [`one spoken error is given when ${stage} ${what}, and the next turn works when the vendor has recovered`, run];
}

const RETRIED = { attempts: 2 };
/** Part of the answer was passed on already, and a retry would repeat it. */
const NOT_RETRIED = { attempts: 1 };

/** Interleaved, so that tests that run at the same time use different servers. */
const CASES: readonly Case[] = [
  once('stt', 'refuses the connection', fault.stt({ kind: 'refuse', status: 503 })),
  once('llm', 'refuses the request', fault.llm({ kind: 'refuse', status: 503 })),
  once('tts', 'refuses the connection', fault.tts({ kind: 'refuse', status: 503 })),
  forGood('stt', 'refuses every connection', fault.stt({ kind: 'refuse', status: 503 }), RETRIED),
  once('stt', 'drops the connection', fault.stt({ kind: 'drop' })),
  once('llm', 'drops the connection', fault.llm({ kind: 'drop' })),
  once('tts', 'drops the connection', fault.tts({ kind: 'drop' })),
  forGood('stt', 'drops every connection', fault.stt({ kind: 'drop' }), RETRIED),
  once('stt', 'sends nothing', fault.stt({ kind: 'stall' })),
  once('llm', 'sends nothing', fault.llm({ kind: 'stall' })),
  once('tts', 'sends nothing', fault.tts({ kind: 'stall' })),
  forGood('stt', 'never sends anything', fault.stt({ kind: 'stall' }), RETRIED),
  forGood('llm', 'never sends anything', fault.llm({ kind: 'stall' }), RETRIED),
  forGood('tts', 'never sends anything', fault.tts({ kind: 'stall' }), RETRIED),
  once('stt', 'repeats itself', fault.stt({ kind: 'duplicate-final' })),
  forGood('stt', 'sends garbage', fault.stt({ kind: 'garbage' }), RETRIED),
  forGood('llm', 'refuses every request', fault.llm({ kind: 'refuse', status: 503 }), RETRIED),
  forGood('tts', 'refuses every connection and request', fault.tts({ kind: 'refuse', status: 503 }), RETRIED),
  forGood('llm', 'drops every connection', fault.llm({ kind: 'drop' }), RETRIED),
  forGood('tts', 'drops every connection', fault.tts({ kind: 'drop' }), RETRIED),
  forGood('llm', 'breaks off in the middle of a sentence', fault.llm({ kind: 'drop', afterFrames: 4 }), NOT_RETRIED),
  forGood('tts', 'breaks off in the middle of a word', fault.tts({ kind: 'drop', afterFrames: 2 }), NOT_RETRIED),
  once('llm', 'sends tiny fragments', fault.llm({ kind: 'fragment' })),
  once('tts', 'repeats itself', fault.tts({ kind: 'duplicate-final' })),
];

describe('A stage that fails', () => {
  it.concurrent.each(CASES)('%s', (_, run) => run(), 60_000);
});

describe('A stage that is merely slow', () => {
  it.concurrent(
    'loses no words when the first half of a sentence is transcribed after the second is spoken',
    () => {
      const { vendors, server, exclusively } = serverNamed('stt once');
      return exclusively(async () => {
        const injected = vendors.faults.inject({ vendor: 'sarvam', fault: { kind: 'late-frames', delayMs: 1_200 }, times: 1 });
        await inConversation(
          server,
          async (client) => {
            await client.microphone.say(fixture('pause-850-slt.wav').pcm);
            await client.answerOf(1);
            expect(injected.triggered).toBe(1);
            expect(client.inbox.messages('error')).toEqual([]);
            // The scripted recogniser returns the whole question for each half.
            expect(client.inbox.finalTranscript(1)).toMatch(/seven plus five.*seven plus five/i);
          },
          HURRIED,
        );
      });
    },
    60_000,
  );
});

describe('The log of vendor failures', () => {
  it('never contains an API key', () => {
    const said = [...servers.values()].map(({ server }) => server.log()).join('\n');
    expect(said).toContain('a stage failed');
    expect(Object.values(GOOD_KEYS).filter((key) => said.includes(key))).toEqual([]);
  });
});
