export * from './control';
export * from './store';
export * from './supervision';
