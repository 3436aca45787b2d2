/** Program of a synthesiser process: speaks one text after another for its parent. */
import { serveParent } from './child-host.ts';
import type { FromSynthesiser, ToSynthesiser } from './child-messages.ts';
import { openFlite, type FliteEngine } from './flite.ts';
import { describeLoadFailure } from './native-error.ts';

function run(): void {
  let engine: FliteEngine | undefined;

  const load = async (): Promise<void> => {
    try {
      engine = await openFlite();
      send({ type: 'ready' });
    } catch (error) {
      send(describeLoadFailure(error));
    }
  };
  const speak = (job: number, text: string, voice: string): void => {
    try {
      if (engine === undefined) throw new Error('the synthesiser is not loaded');
      send({ type: 'spoken', job, speech: engine.speak(text, voice) });
    } catch (error) {
      send({ type: 'refused', job, reason: error instanceof Error ? error.message : String(error) });
    }
  };
  const send = serveParent<ToSynthesiser, FromSynthesiser>((message) => {
    if (message.type === 'load') void load();
    else speak(message.job, message.text, message.voice);
  });
}

run();
