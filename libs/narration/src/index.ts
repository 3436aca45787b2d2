export * from './chunking';
export * from './pronunciation/pronunciation';
export * from './script';
