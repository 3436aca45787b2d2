import type { AgentTimerName, AgentTurnEffect, AgentTurnNotification, EndReason } from '@parley/conversation';
import type { AudioOutbox } from '../output/audio-outbox';
import type { EndedTurn } from '../ports';
import type { TurnTimers } from '../turns/turn-timers';
import type { AgentLink } from './agent-link';

/** What effects are performed on. */
export interface AgentEffectPorts {
  outbox: AudioOutbox;
  timers: TurnTimers<AgentTimerName>;
  link: Pick<AgentLink, 'sendText' | 'contextualUpdate'>;
  judge(turn: EndedTurn): void;
  /** Looks for the sentence which says that the agent cannot be reached. */
  takeNotice(): void;
  notify(notification: AgentTurnNotification): void;
  /** Everything is to be released. */
  end(reason: EndReason): void;
}

/** Performs what the agent's turns decide. */
export class AgentEffectRunner {
  constructor(private readonly ports: AgentEffectPorts) {}

  perform(effect: AgentTurnEffect): void {
    const { outbox, timers, link } = this.ports;
    switch (effect.type) {
      case 'send_audio':
        return outbox.push(effect.turn, effect.turn, effect.audio);
      case 'finish_audio':
        return outbox.finish(effect.turn, effect.turn);
      case 'cancel_audio':
        return outbox.cancel(effect.turn);
      case 'send_text':
        return link.sendText(effect.text);
      case 'judge_turn':
        return this.ports.judge({ turn: effect.turn, text: effect.text });
      case 'update_context':
        return link.contextualUpdate(effect.text);
      case 'take_notice':
        return this.ports.takeNotice();
      case 'set_timer':
        return timers.set(effect.timer, effect.delayMs);
      case 'clear_timer':
        return timers.clear(effect.timer);
      case 'notify':
        return this.ports.notify(effect.notification);
      case 'end_session':
        return this.ports.end(effect.reason);
    }
  }
}
