export * from './control';
export * from './store';
