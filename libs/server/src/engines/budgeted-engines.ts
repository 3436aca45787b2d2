import type { FactoryProvider } from '@nestjs/common';
import { Budgets } from '../budgets';
import { AgentEngineFactory } from './agent/agent-engine.factory';
import { type Engines, ENGINES } from './engines';
import { PipelineEngineFactory } from './session/pipeline-engine.factory';

/** All engines of a server program, within its budgets. Needs `SessionModule`, `AgentModule` and `BudgetsModule`. */
export const BUDGETED_ENGINES: FactoryProvider<Engines> = {
  provide: ENGINES,
  inject: [PipelineEngineFactory, AgentEngineFactory, Budgets],
  useFactory: (pipeline: PipelineEngineFactory, agent: AgentEngineFactory, budgets: Budgets) => ({
    pipeline: budgets.overPipeline(pipeline),
    agent: budgets.overAgent(agent),
  }),
};
