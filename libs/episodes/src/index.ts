export * from './sound';
