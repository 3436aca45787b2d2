import { Inject, Injectable } from '@nestjs/common';
import type { ConversationEvent } from '@parley/engine';
import { Counter, Gauge, Registry } from 'prom-client';
import { FalseCutOffs } from './false-cut-offs';
import type { ConversationObserver, ObservedConversation } from './observed-conversation';

const ENGINES = ['pipeline', 'agent'] as const;
const STATES = ['USER_SPEAKING', 'AI_PROCESSING', 'AI_SPEAKING'] as const;
const END_REASONS = ['client', 'inactivity_timeout', 'server_shutdown', 'error'] as const;

type Phase = Extract<ConversationEvent, { type: 'state_changed' }>['phase'];

/** How many conversations there are and were, and what happened in them, for `/metrics`. */
@Injectable()
export class ConversationCounts {
  private readonly running: Gauge<'engine' | 'state'>;
  private readonly started: Counter<'engine'>;
  private readonly ended: Counter<'engine' | 'reason'>;
  private readonly cutOffs: Counter<'engine'>;
  private readonly tools: Counter;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    this.running = new Gauge({
      name: 'parley_conversations',
      help: 'Conversations that are running, by engine and state.',
      labelNames: ['engine', 'state'],
      registers,
    });
    this.started = new Counter({
      name: 'parley_conversations_started_total',
      help: 'Conversations that have begun.',
      labelNames: ['engine'],
      registers,
    });
    this.ended = new Counter({
      name: 'parley_conversations_ended_total',
      help: 'Conversations that have ended, by the reason.',
      labelNames: ['engine', 'reason'],
      registers,
    });
    this.cutOffs = new Counter({
      name: 'parley_false_cutoffs_total',
      help: 'Turns that were ended too early: the user went on speaking before any of the answer was heard.',
      labelNames: ['engine'],
      registers,
    });
    this.tools = new Counter({ name: 'parley_tool_calls_total', help: "Uses of this server's tools by the agent.", registers });
    for (const engine of ENGINES) {
      this.started.inc({ engine }, 0);
      this.cutOffs.inc({ engine }, 0);
      for (const state of STATES) this.running.set({ engine, state }, 0);
      for (const reason of END_REASONS) this.ended.inc({ engine, reason }, 0);
    }
  }

  /** Returns an observer for one conversation. It need not be released: the conversation's last event does that. */
  observe({ engine }: Pick<ObservedConversation, 'engine'>): ConversationObserver {
    const cutOffs = new FalseCutOffs();
    let state: Phase = 'IDLE';
    let hasStarted = false;
    const enter = (next: Phase): void => {
      if (state !== 'IDLE') this.running.dec({ engine, state });
      if (next !== 'IDLE') this.running.inc({ engine, state: next });
      state = next;
    };
    return (event) => {
      if (cutOffs.note(event)) this.cutOffs.inc({ engine });
      if (event.type === 'state_changed') {
        if (!hasStarted && event.phase !== 'IDLE') this.started.inc({ engine });
        hasStarted ||= event.phase !== 'IDLE';
        enter(event.phase);
      }
      if (event.type === 'tool' && event.status === 'started') this.tools.inc();
      if (event.type === 'ended') {
        enter('IDLE');
        this.ended.inc({ engine, reason: event.reason });
      }
    };
  }
}
