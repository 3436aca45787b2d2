export * from './parse-script';
export * from './script';
