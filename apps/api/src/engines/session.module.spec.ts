import { Scope, type Type } from '@nestjs/common';
import { ContextIdFactory, ModuleRef } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { VoiceActivityDetector } from '@parley/audio';
import {
  type Connection,
  type ConversationOptions,
  LlmStream,
  type NewVoiceDetector,
  OpeningQueue,
  PipelineConversation,
  SttStream,
  TtsStream,
} from '@parley/engine';
import { abortListeners } from '@parley/testing';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../app.module';
import {
  CONNECTION,
  ENGINES,
  FallbackSpeech,
  LANGUAGE_MODEL,
  LlmModule,
  NEW_VOICE_DETECTOR,
  PipelineEngineFactory,
  Secrets,
  SessionFactory,
  SETTINGS,
  SPEECH_TO_TEXT,
  STAGE_PROVIDERS,
  type StageProviders,
  SttModule,
  TEXT_TO_SPEECH,
  TtsModule,
} from '@parley/server';
import { DETECTOR_WEIGHTS, RecordingLogger, TEST_PATHS, testSettings } from '@parley/server/testing';
import { AgentGateway } from '../transports/websocket/agent.gateway';
import { ConnectionRegistry } from '../transports/websocket/connection-registry';
import { ConversationGateway } from '../transports/websocket/conversation.gateway';
import { InputMeter } from '../transports/websocket/input/input-meter';
import { SocketAdmission } from '../transports/websocket/socket-admission';
import { FakeProviders, Microphone, pass, RecordingSink, settle, startVirtualTime } from '@parley/engine/testing';
import { testModule } from '../testing/test-module';

function connectionNamed(conversationId: string, options: Partial<ConversationOptions> = {}): Connection & { sink: RecordingSink } {
  const sink = new RecordingSink();
  return { ...sink.connection({ conversationId, ...options }), sink };
}

/** The objects of a new connection, resolved in the way that the factory resolves them. */
async function resolveFor<T>(module: TestingModule, token: Type<T> | symbol, connection: Connection): Promise<T> {
  const contextId = ContextIdFactory.create();
  module.registerRequestByContextId(connection, contextId);
  return module.resolve<T>(token, contextId, { strict: false });
}

const scopeOf = (module: TestingModule, token: Type<unknown> | symbol): Scope | undefined =>
  module.get(ModuleRef, { strict: false }).introspect(token).scope;

describe('the modules of a conversation', () => {
  let logger: RecordingLogger;
  let fakes: FakeProviders;
  let providers: StageProviders;
  let module: TestingModule;

  beforeEach(async () => {
    logger = RecordingLogger.install();
    fakes = new FakeProviders();
    providers = fakes.asProviders();
    module = await testModule(providers, logger);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await module.close();
    logger.restore();
  });

  describe.each<[name: string, module: Type<unknown>, stream: Type<unknown>, port: symbol, ofProviders: () => unknown]>([
    ['SttModule', SttModule, SttStream, SPEECH_TO_TEXT, () => providers.stt.port],
    ['LlmModule', LlmModule, LlmStream, LANGUAGE_MODEL, () => providers.llm.port],
    ['TtsModule', TtsModule, TtsStream, TEXT_TO_SPEECH, () => providers.tts.port],
  ])('%s', (_name, owner, Stream, port, ofProviders) => {
    it('provides the port of the stage’s provider, which all connections share', () => {
      expect(module.select(owner).get(port)).toBe(ofProviders());
      expect(scopeOf(module, port)).toBe(Scope.DEFAULT);
    });

    it('creates a separate stream for each connection', async () => {
      expect(scopeOf(module, Stream)).toBe(Scope.REQUEST);
      const first = await resolveFor(module, Stream, connectionNamed('a'));
      const second = await resolveFor(module, Stream, connectionNamed('b'));
      expect(first).toBeInstanceOf(Stream);
      expect(second).toBeInstanceOf(Stream);
      expect(second).not.toBe(first);
    });

    it('returns the same stream whenever the same connection asks for it', async () => {
      const contextId = ContextIdFactory.create();
      module.registerRequestByContextId(connectionNamed('a'), contextId);
      const streams = await Promise.all([0, 1].map(() => module.resolve(Stream, contextId, { strict: false })));
      expect(streams[1]).toBe(streams[0]);
    });
  });

  describe('SessionModule', () => {
    it('keeps shared providers in the default scope', () => {
      for (const token of [
        ConversationGateway,
        AgentGateway,
        SocketAdmission,
        ConnectionRegistry,
        OpeningQueue,
        InputMeter,
        ENGINES,
        PipelineEngineFactory,
        SessionFactory,
        FallbackSpeech,
        NEW_VOICE_DETECTOR,
        SETTINGS,
        STAGE_PROVIDERS,
      ]) {
        expect(scopeOf(module, token)).toBe(Scope.DEFAULT);
      }
      expect(scopeOf(module, PipelineConversation)).toBe(Scope.REQUEST);
      expect(module.get(SessionFactory, { strict: false })).toBe(module.get(SessionFactory, { strict: false }));
    });

    it('injects the connection that the objects belong to', async () => {
      const [a, b] = [connectionNamed('a'), connectionNamed('b')];
      expect(await resolveFor(module, CONNECTION, a)).toBe(a);
      expect(await resolveFor(module, CONNECTION, b)).toBe(b);
    });

    it('creates a session with its own streams for each connection', async () => {
      startVirtualTime();
      const factory = module.get(SessionFactory, { strict: false });
      const [hindi, english] = [connectionNamed('a', { language: 'hi-IN', voiceId: 'asha' }), connectionNamed('b', { language: 'en-IN' })];
      const [first, second] = [await factory.open(hindi), await factory.open(english)];
      expect(first).toBeInstanceOf(PipelineConversation);
      expect(second).not.toBe(first);
      expect(fakes.stt.sessions.map(({ options }) => options.language)).toEqual(['hi-IN', 'en-IN']);
      expect(fakes.tts.sessions.map(({ options }) => options.voiceId)).toEqual(['asha', undefined]);
      expect(fakes.llm.warmSignals).toHaveLength(2);
      expect(factory.resources()).toEqual({ sessions: 2, streams: 0, timers: 2 });

      await new Microphone(second).speak(500);
      expect(fakes.stt.sessions.map(({ utterances }) => utterances.length)).toEqual([0, 1]);
      first.end('client');
      expect(fakes.stt.sessions.map(({ isClosed }) => isClosed)).toEqual([true, false]);
      expect(fakes.stt.openUtterances).toBe(1);
      expect(factory.resources()).toEqual({ sessions: 1, streams: 1, timers: 2 });
      second.end('client');
      expect(fakes.open).toBe(0);
      expect(factory.resources()).toEqual({ sessions: 0, streams: 0, timers: 0 });
      expect(jest.getTimerCount()).toBe(0);
    });

    it('sends the events of a conversation to its own connection only', async () => {
      startVirtualTime();
      const factory = module.get(SessionFactory, { strict: false });
      const sinks = [new RecordingSink(), new RecordingSink()];
      const [first] = await Promise.all(sinks.map((sink, index) => factory.open(sink.connection({ conversationId: `c${index}` }))));
      first.pushText('Hi!');
      await pass(100);
      expect(sinks[0].speechMsOf(1)).toBeGreaterThan(0);
      expect(sinks[1].log).toEqual(['state USER_SPEAKING 1']);
    });

    it('releases all objects of two hundred conversations', async () => {
      startVirtualTime();
      const factory = module.get(SessionFactory, { strict: false });
      const sinks: RecordingSink[] = [];
      for (let round = 0; round < 4; round++) {
        const connections = Array.from({ length: 50 }, (_connection, index) => connectionNamed(`${round}-${index}`));
        const engines = await Promise.all(connections.map((connection) => factory.open(connection)));
        sinks.push(...connections.map(({ sink }) => sink));
        // Some users speak, some have typed and hear the answer, and some say nothing.
        engines.forEach((engine, index) => {
          if (index % 3 === 0) engine.pushAudio(new Int16Array(8_000).fill(1_000));
          if (index % 3 === 1) engine.pushText('Hi!');
        });
        await settle();
        expect(factory.resources().sessions).toBe(50);
        expect(factory.resources().streams).toBeGreaterThan(15);
        for (const engine of engines) engine.end('client');
        await settle();
      }
      expect(factory.resources()).toEqual({ sessions: 0, streams: 0, timers: 0 });
      expect(sinks.map(({ endings }) => endings)).toEqual(sinks.map(() => ['client']));
      expect(sinks).toHaveLength(200);
      expect([fakes.stt.sessions.length, fakes.tts.sessions.length, fakes.open]).toEqual([200, 200, 0]);
      const signals = [...fakes.stt.sessions, ...fakes.tts.sessions, ...fakes.stt.utterances, ...fakes.llm.replies].map(
        ({ signal }) => signal,
      );
      expect(signals.reduce((listeners, signal) => listeners + abortListeners(signal), 0)).toBe(0);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  it('loads the model of the voice detector once from the assets, and creates one detector for each conversation', async () => {
    const assets = await mkdtemp(join(tmpdir(), 'parley-assets-'));
    try {
      await symlink(DETECTOR_WEIGHTS, join(assets, 'silero-vad-v6-16k.bin'));
      const real = await Test.createTestingModule({ imports: [AppModule.for({ ...TEST_PATHS, assets }, new Secrets())] })
        .overrideProvider(STAGE_PROVIDERS)
        .useValue(fakes.asProviders())
        .overrideProvider(SETTINGS)
        .useValue(testSettings())
        .setLogger(logger)
        .compile();
      const newDetector = real.get<NewVoiceDetector>(NEW_VOICE_DETECTOR, { strict: false });
      const [first, second] = [newDetector(), newDetector()];
      expect(first).toBeInstanceOf(VoiceActivityDetector);
      expect(second).not.toBe(first);
      const heard: string[] = [];
      first.push(new Int16Array(16_000), ({ activity }) => heard.push(activity));
      expect(new Set(heard)).toEqual(new Set(['silence']));
      expect(heard).toHaveLength(31);
      await real.close();
    } finally {
      await rm(assets, { recursive: true });
    }
  });
});
