export * from './chunking';
export * from './estimate';
export * from './models';
export * from './pronunciation/pronunciation';
export * from './script';
export * from './segments';
