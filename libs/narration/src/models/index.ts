export * from './model-for';
export * from './narration-model';
