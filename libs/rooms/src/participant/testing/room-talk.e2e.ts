import { RoomServiceClient } from 'livekit-server-sdk';
import { silence as quiet } from '@parley/testing/client';
import { endTestPeople, LiveKitServer } from '../../testing';
import { until } from '../../testing/until';
import { MAX_CATCH_UP_MS } from '../audio/frame-clock';
import { pitchOf, ToneEngine, toneShare } from './tone-engine';
import { answered, QUESTION, stateOf, TestRoom, toneMs } from './test-room';

describe('talking with the assistant in a room', () => {
  let server: LiveKitServer;
  let room: TestRoom;

  beforeAll(async () => {
    server = await LiveKitServer.start();
  });

  beforeEach(() => {
    room = new TestRoom(server);
  });

  afterEach(() => room.end());

  afterAll(async () => {
    await server.stop();
    await endTestPeople();
  });

  it('answers a spoken question: everybody hears it, and sees the words and what the assistant does', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const ravi = await room.person('ravi');
    const assistant = await room.assistant(engine);
    await until(() => stateOf(ravi) === 'listening', 'the assistant listens');
    await asha.say(QUESTION);
    await answered(asha);
    await answered(ravi);
    await until(() => toneMs(asha, 0) > 1_700, 'the whole reply');
    await until(() => stateOf(ravi) === 'listening' && ravi.inbox.states().length > 3, 'the assistant listens again');
    expect(ravi.inbox.states().map(({ state }) => state)).toEqual(expect.arrayContaining(['listening', 'speaking']));

    await until(() => ravi.inbox.transcripts().length === 2, 'both transcripts');
    const [question, answer] = ravi.inbox.transcripts();
    expect(question).toMatchObject({ from: 'asha', text: 'what time is it' });
    expect(question.attributes).toMatchObject({
      'lk.transcription_final': 'true',
      'lk.transcribed_track_id': expect.stringMatching(/^TR_/),
    });
    expect(answer).toMatchObject({ from: 'agent-AJ_1', text: 'It is three. Or four.' });
    expect(answer.attributes).toMatchObject({ 'lk.transcription_final': 'true' });
    const transcript = ravi.inbox.messages
      .map(({ message }) => message)
      .find((message) => message.type === 'transcript' && message.is_final);
    expect(transcript).toMatchObject({ text: 'what time is it', identity: 'asha', turn: 1 });
    expect(assistant.memories.at(-1)?.messages).toEqual([
      { role: 'user', content: 'asha: what time is it' },
      { role: 'assistant', content: 'It is three. Or four.' },
    ]);
    expect(assistant.complaints).toEqual([]);
  });

  it('stops when it is interrupted, and nothing of the old reply is heard later', async () => {
    const engine = new ToneEngine({ replyMs: 10_000 });
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine);
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    await asha.say(QUESTION);
    await answered(asha, 0);
    await asha.say(QUESTION);
    await answered(asha, 1);
    const firstOfNew = asha.voice()?.frames.find(({ level, pcm }) => level > 300 && toneShare(pcm, pitchOf(1)) > 0.5)?.atMs ?? 0;
    expect(toneMs(asha, 0, firstOfNew)).toBe(0);
    expect(toneMs(asha, 0)).toBeLessThan(5_000);
    expect(assistant.memories.at(-1)?.messages[1]?.content).toMatch(/\[interrupted\]$/);
    expect(assistant.complaints).toEqual([]);
  });

  it('answers what is written to the chat, as text or as JSON, and messages of the protocol', async () => {
    const engine = new ToneEngine({ replyMs: 500 });
    const asha = await room.person('asha');
    await room.assistant(engine);
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    await asha.chat('What is seven plus five?');
    await until(() => engine.lastQuestion === 'What is seven plus five?', 'the question');
    await answered(asha, 0);
    await until(() => stateOf(asha) === 'listening', 'the answer is over');
    await asha.chat('{"message":"And eight?"}');
    await until(() => engine.lastQuestion === 'And eight?', 'the question in JSON');
    await answered(asha, 1);
    await asha.send({ type: 'text_message', text: 'And nine?' });
    await until(() => engine.lastQuestion === 'And nine?', 'the message');
    await answered(asha, 2);
    const said = asha.inbox.messages.map(({ message }) => message).filter((message) => message.type === 'transcript');
    expect(said.map((message) => message.type === 'transcript' && message.identity)).toEqual(['asha', 'asha', 'asha']);
  });

  it('stops at the stop button, and leaves when it is asked to', async () => {
    const engine = new ToneEngine({ replyMs: 10_000 });
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine);
    await asha.chat('hello');
    await answered(asha, 0);
    await asha.send({ type: 'interrupt' });
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    await asha.send({ type: 'end_conversation' });
    await until(() => assistant.ends.length > 0, 'the end');
    expect(assistant.ends).toEqual(['ended']);
    await until(() => asha.others.length === 0, 'the assistant is gone');
    expect(asha.inbox.messages.at(-1)?.message).toEqual({ type: 'conversation_ended', reason: 'client' });
  });

  it('answers only when it is called by its name, and remembers what else was said and by whom', async () => {
    const words = ['what shall we eat', 'parley what do you think'];
    const engine = new ToneEngine({ stt: (index) => ({ text: words[index] ?? '' }) });
    const asha = await room.person('asha');
    await room.person('ravi');
    const assistant = await room.assistant(engine, { onlyWhenAddressed: true, assistantName: 'Parley' });
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    await asha.say(QUESTION);
    await until(() => assistant.memories.at(-1)?.turn === 1, 'the first turn is over');
    expect(asha.inbox.states().map(({ state }) => state)).not.toContain('speaking');
    await asha.say(QUESTION);
    await answered(asha, 0);
    expect(
      engine.fakes.llm.replies
        .at(-1)
        ?.request.messages.slice(-2)
        .map(({ content }) => content),
    ).toEqual(['asha: what shall we eat', 'asha: parley what do you think']);
    expect(assistant.complaints).toEqual([]);
  });

  it('leaves two people alone who talk to each other', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    const ravi = await room.person('ravi');
    const assistant = await room.assistant(engine);
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    // One after the other, without the pause that would end a turn.
    await asha.say(QUESTION);
    await ravi.say(QUESTION);
    await until(() => assistant.memories.at(-1)?.turn === 1, 'the turn is over');
    expect(assistant.memories.at(-1)?.messages).toEqual([
      { role: 'user', content: expect.stringMatching(/^(asha and ravi|ravi and asha): /) },
    ]);
    expect(engine.fakes.llm.replies.filter(({ outcome }) => outcome === 'open')).toEqual([]);
    expect(toneMs(asha, 0)).toBe(0);
  });

  it('hears nothing of who is muted, and hears them again afterwards', async () => {
    const rooms = new RoomServiceClient(server.httpUrl, server.apiKey, server.apiSecret);
    const engine = new ToneEngine({ replyMs: 500 });
    const asha = await room.person('asha');
    const assistant = await room.assistant(engine);
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    const { tracks } = await rooms.getParticipant(room.name, 'asha');
    await rooms.mutePublishedTrack(room.name, 'asha', tracks[0].sid, true);
    await asha.say(QUESTION);
    await asha.say(quiet(500));
    expect(engine.fakes.stt.utterances).toEqual([]);
    // The server does not open anybody's microphone again, so the person comes back with a new one.
    await asha.leave();
    const again = await room.person('asha');
    await until(() => stateOf(again) === 'listening' || again.others.length > 0, 'back in the room');
    await again.say(QUESTION);
    await answered(again, 0);
    expect(assistant.complaints).toEqual([]);
  });

  it('gives the engine one frame for every 20 ms, however many people there are', async () => {
    const engine = new ToneEngine();
    const asha = await room.person('asha');
    await room.person('ravi');
    await room.person('mina');
    await room.assistant(engine);
    await until(() => stateOf(asha) === 'listening', 'the assistant listens');
    const startMs = performance.now();
    const startSamples = engine.heardSamples;
    await until(() => performance.now() - startMs > 3_000, 'three seconds');
    const heardMs = (engine.heardSamples - startSamples) / 16;
    // How busy the machine is decides how much is lost or late, but nothing is ever given twice.
    expect(heardMs).toBeGreaterThan(500);
    expect(heardMs).toBeLessThanOrEqual(performance.now() - startMs + MAX_CATCH_UP_MS + 100);
  });
});
