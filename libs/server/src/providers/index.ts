export * from './ending-models';
export * from './make-provider';
export * from './provider-log';
export * from './provider-switches';
export * from './switch-metrics';
export * from './stage-providers';
export * from './stage-providers.module';
export * from './voice-agent.token';
