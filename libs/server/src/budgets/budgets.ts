import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Connection, Conversation, ConversationEvent, EngineFactory } from '@parley/engine';
import { AgentUsage } from './agent-usage';
import { BudgetLedger } from './budget-ledger';
import { BudgetWatch } from './budget-watch';
import { ConversationBudget } from './conversation-budget';
import { DayCounters } from './day-counters';
import { NarrationBudget } from './narration-budget';
import { refuseConversation } from './refused-conversation';

/** The turns of the pipeline's conversations. A turn whose words are never known has been paid for all the same. */
const pipelineTurn = (event: ConversationEvent): number | undefined =>
  event.type === 'state_changed' && event.phase === 'AI_PROCESSING' ? event.turn : undefined;

/** Keeps the conversations of this server, and those of the servers that count with it, within their budgets. */
@Injectable()
export class Budgets implements OnApplicationShutdown {
  constructor(
    @Inject(BudgetLedger) private readonly ledger: BudgetLedger,
    @Inject(DayCounters) private readonly days: DayCounters,
  ) {}

  /** After all conversations have ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.days.close();
  }

  forNarration(address: string | undefined): NarrationBudget {
    // What the other servers have spent is known a moment later, which is early enough for most of the text.
    void this.ledger.refresh(address);
    return new NarrationBudget(this.ledger, address);
  }

  /** An engine whose conversations give their meter to the vendors of their stages. */
  overPipeline(engine: EngineFactory): EngineFactory {
    return this.over(engine, async (connection, budget) => {
      const watch = this.watch(connection, budget, { turnBegunBy: pipelineTurn });
      const conversation = await engine.open(watch.connection);
      watch.attach(conversation);
      return conversation;
    });
  }

  /** An engine whose conversations are led by a vendor's agent. */
  overAgent(engine: EngineFactory): EngineFactory {
    return this.over(engine, async (connection, budget) => {
      const usage = new AgentUsage(budget);
      const watch = this.watch(connection, budget, usage);
      const conversation = await engine.open(watch.connection);
      watch.attach(conversation);
      return usage.of(conversation);
    });
  }

  private over(engine: EngineFactory, open: (connection: Connection, budget: ConversationBudget) => Promise<Conversation>): EngineFactory {
    return {
      describe: () => engine.describe(),
      open: async (connection) => {
        await this.ledger.refresh(connection.address);
        const budget = new ConversationBudget(this.ledger, connection.address);
        const { reached } = budget;
        if (reached === undefined) return open(connection, budget);
        this.ledger.refused(reached);
        return refuseConversation(connection, reached);
      },
    };
  }

  private watch(
    connection: Connection,
    budget: ConversationBudget,
    usage: { turnBegunBy: (event: ConversationEvent) => number | undefined; note?: (event: ConversationEvent) => void },
  ): BudgetWatch {
    const { turnBegunBy, note } = usage;
    const onSpent = (refusal: Parameters<BudgetLedger['refused']>[0]): void => this.ledger.refused(refusal);
    return new BudgetWatch({ connection, budget, turnBegunBy, ...(note && { note }), onSpent });
  }
}
