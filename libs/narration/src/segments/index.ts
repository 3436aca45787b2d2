export * from './cut-segments';
export * from './segment';
