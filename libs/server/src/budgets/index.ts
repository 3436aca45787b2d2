export * from './budgets';
export * from './budgets.module';
export * from './day-counters';
