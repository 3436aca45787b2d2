/** What hostile clients do to a server, honest conversations beside it, and what is left of it afterwards. */
export * from './abuse-environment';
export * from './attack';
export * from './attacks';
export * from './honest-conversations';
export * from './image-settings';
