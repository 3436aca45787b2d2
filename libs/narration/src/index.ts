export * from './captions';
export * from './chunking';
export * from './estimate';
export * from './models';
export * from './pronunciation';
export * from './script';
export * from './segments';
