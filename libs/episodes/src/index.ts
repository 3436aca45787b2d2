export * from './files';
export * from './sound';
