/** Program of a recogniser process: one decoder, one utterance at a time, driven by its parent's messages. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveParent } from './child-host.ts';
import type { ChildNotice, FromRecogniser, LoadRecogniser, ToRecogniser } from './child-messages.ts';
import { describeLoadFailure } from './native-error.ts';
import { openPocketsphinx, type PocketsphinxDecoder } from './pocketsphinx.ts';
import { NOTHING_HEARD } from './ports.ts';
import { Voicing } from './voicing.ts';

/** 100 ms at 16 kHz: the longest step, so that a cancel never waits long, and the pace of partial texts. */
const STEP_SAMPLES = 1600;

type Step = Exclude<ToRecogniser, LoadRecogniser | { type: 'cancel' }>;

class RecogniserHost {
  private readonly send: (message: FromRecogniser | ChildNotice) => void;
  private decoder: PocketsphinxDecoder | undefined;
  private steps: Step[] = [];
  private scheduled = false;
  private utterance: number | undefined;
  private partial = '';
  /** The decoder finds words in every sound, in a cough as surely as in a "go". Without a voice there are none. */
  private voicing = new Voicing();
  private samplesSincePartial = 0;

  constructor() {
    this.send = serveParent<ToRecogniser, FromRecogniser>((message) => this.handle(message));
  }

  private handle(message: ToRecogniser): void {
    switch (message.type) {
      case 'load':
        void this.load(message);
        return;
      case 'cancel':
        this.cancel(message.utterance);
        return;
      case 'audio':
        for (let at = 0; at < message.pcm.length; at += STEP_SAMPLES) {
          this.steps.push({ ...message, pcm: message.pcm.subarray(at, at + STEP_SAMPLES) });
        }
        break;
      default:
        this.steps.push(message);
    }
    this.schedule();
  }

  private async load({ modelDirectory, domainModel, domainWeight }: LoadRecogniser): Promise<void> {
    try {
      this.decoder = await withTemporaryFile(domainModel, (domainModelPath) =>
        openPocketsphinx({ modelDirectory, domainModelPath, domainWeight }),
      );
      this.send({ type: 'ready' });
    } catch (error) {
      this.send(describeLoadFailure(error));
    }
  }

  /** Acts at once, before the audio that waits: that is dropped undecoded. */
  private cancel(utterance: number): void {
    this.steps = this.steps.filter((step) => step.utterance !== utterance);
    if (this.utterance !== utterance) return;
    this.utterance = undefined;
    this.decoder?.finish();
  }

  /** One step per turn of the event loop, so that messages are heard between two. */
  private schedule(): void {
    if (this.scheduled || this.steps.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const step = this.steps.shift();
      if (step !== undefined && this.decoder !== undefined) this.run(step, this.decoder);
      this.schedule();
    });
  }

  private run(step: Step, decoder: PocketsphinxDecoder): void {
    if (step.type === 'begin') {
      if (this.utterance !== undefined) decoder.finish();
      decoder.start();
      this.utterance = step.utterance;
      this.partial = '';
      this.voicing = new Voicing();
      this.samplesSincePartial = 0;
    } else if (step.utterance !== this.utterance) {
      return;
    } else if (step.type === 'audio') {
      decoder.feed(step.pcm);
      this.voicing.push(step.pcm);
      this.sendPartial(step.pcm.length, decoder);
    } else {
      this.utterance = undefined;
      const recognition = decoder.finish();
      this.send({ type: 'result', utterance: step.utterance, recognition: this.voicing.isHeard ? recognition : NOTHING_HEARD });
    }
  }

  private sendPartial(samples: number, decoder: PocketsphinxDecoder): void {
    this.samplesSincePartial += samples;
    if (this.samplesSincePartial < STEP_SAMPLES || this.utterance === undefined) return;
    this.samplesSincePartial = 0;
    const text = this.voicing.isHeard ? decoder.partial() : '';
    if (text === this.partial) return;
    this.partial = text;
    this.send({ type: 'partial', utterance: this.utterance, text });
  }
}

/** pocketsphinx reads models from files only: the text gets one for as long as `use` runs. */
async function withTemporaryFile<T>(text: string | undefined, use: (path: string | undefined) => Promise<T>): Promise<T> {
  if (text === undefined) return use(undefined);
  const directory = mkdtempSync(join(tmpdir(), `parley-speech-${process.pid}-`));
  try {
    const path = join(directory, 'domain.arpa');
    writeFileSync(path, text);
    return await use(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

new RecogniserHost();
