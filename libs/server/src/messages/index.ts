export * from './budget-spent';
export * from './to-server-message';
