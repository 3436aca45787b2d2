/**
 * The suites in which people speak in real time and the recogniser has to keep up. They run by themselves: servers that start beside them take so
 * much of a small machine that the recogniser is late, and what it hears too late counts as not heard.
 */
module.exports = [
  'barge-in',
  'conversation',
  'soak',
  'turn-taking',
  'recording',
  'endings',
  'agent-engine',
  'bad-input',
  'json-transport',
  'many-at-once',
  'bad-audio',
  'plain-client',
  'words-kept',
  'lagging-partials',
];
