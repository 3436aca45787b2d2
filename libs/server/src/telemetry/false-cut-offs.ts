import type { ConversationEvent } from '@parley/engine';

/**
 * Recognises turns of the user that were ended too early, which is what a listener would call being cut off: the user went on speaking before
 * any of the answer was heard. A typed message and the stop button are the user's choice and do not count, nor does an answer without a voice that
 * was being read.
 */
export class FalseCutOffs {
  /** The answer that is awaited or given; undefined while the user speaks. */
  private answer: { turn: number; isSpeaking: boolean; heardText: string | undefined; isStoppedBySpeech: boolean } | undefined;

  /** Returns true if this event ends a turn that was cut off. */
  note(event: ConversationEvent): boolean {
    const { answer } = this;
    switch (event.type) {
      case 'state_changed':
        return this.changePhase(event.phase, event.turn);
      case 'interrupted':
        if (answer?.turn === event.turn) answer.isStoppedBySpeech = event.reason === 'speech';
        return false;
      case 'reply_text':
        if (answer?.turn === event.turn && event.final) answer.heardText = event.final.heardText ?? answer.heardText;
        return false;
      case 'turn_measured':
        if (answer?.turn === event.turn) answer.heardText = event.heardText ?? answer.heardText;
        return false;
      default:
        return false;
    }
  }

  private changePhase(phase: Extract<ConversationEvent, { type: 'state_changed' }>['phase'], turn: number): boolean {
    if (phase === 'AI_PROCESSING') {
      this.answer = { turn, isSpeaking: false, heardText: undefined, isStoppedBySpeech: false };
      return false;
    }
    if (phase === 'AI_SPEAKING') {
      if (this.answer) this.answer.isSpeaking = true;
      return false;
    }
    const { answer } = this;
    this.answer = undefined;
    if (!answer?.isStoppedBySpeech) return false;
    return answer.isSpeaking ? answer.heardText === '' : true;
  }
}
